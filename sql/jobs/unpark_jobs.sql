-- aias_private.unpark_jobs: let parked jobs stand among the ready ones again, and wake workers for them.
--
-- Caller    whatever ends what they were parked for. Whether they may run then is for the claim to say.
-- Promise   at most p_limit (null: all), by priority and turn; their turns are stamped (stamp_job).
-- Locks     their rows, skip locked: a row that is being changed is found by the next thorough claim.
-- Plan      aias_jobs_parked_idx.
-- requires: aias_private.wake_workers
create or replace function aias_private.unpark_jobs(
    p_parked_for text,
    p_limit integer
)
returns integer
language plpgsql
volatile
set search_path = public, pg_temp
as $$
declare
    v_ids bigint[];
    v_id bigint;
    v_queue record;
begin
    v_ids := array(
        select j.id
        from procrastinate_jobs as j
        where j.status = 'todo' and j.parked_for is not null and j.parked_for = p_parked_for
        order by j.priority desc, j.virtual_time, j.id
        limit p_limit
        for update skip locked
    );
    if cardinality(v_ids) = 0 then
        return 0;
    end if;
    if p_parked_for like 'pause:%' then
        -- one by one: each turn is stamped behind the one before
        foreach v_id in array v_ids loop
            update procrastinate_jobs as j
            set parked_for = null
            where j.id = v_id;
        end loop;
    else
        -- what a limit held keeps its turn
        update procrastinate_jobs as j
        set parked_for = null, scheduled_at = case when p_parked_for not like 'rate:%' then j.scheduled_at end
        where j.id = any(v_ids);
    end if;
    for v_queue in
        select j.queue_name, min(j.id) as id
        from procrastinate_jobs as j
        where j.id = any(v_ids)
        group by j.queue_name
    loop
        perform aias_private.wake_workers(v_queue.queue_name, v_queue.id);
    end loop;
    return cardinality(v_ids);
end;
$$;
revoke execute on function aias_private.unpark_jobs(text, integer) from public;
comment on function aias_private.unpark_jobs(text, integer) is
'Lets jobs that were parked for a reason stand among the ready ones again, and says how many.';
