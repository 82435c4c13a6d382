-- aias_private.pick_jobs: lock the next ready jobs of one queue, in its order.
--
-- Caller    claim_jobs.
-- Promise   by priority, then virtual time, then id; of one lock only the first, parked ones counted. Up to p_limit rows, locked for the caller's
--           transaction. Thorough: from the beginning of each class and over all classes that have ready jobs, not
--           from their clocks on: finds what was stamped by a transaction that committed late.
-- Locks     the rows, skip locked.
-- Plan      aias_jobs_ready_idx from the class's clock on: claimed rows that vacuum can't remove yet lie before it.
create or replace function aias_private.pick_jobs(
    p_queue text,
    p_limit integer,
    p_is_thorough boolean
)
returns bigint[]
language plpgsql
volatile
set search_path = public, pg_temp
as $$
declare
    v_class record;
    v_found bigint[];
    v_last double precision;
    v_ids bigint[] := '{}';
    v_now constant timestamptz := aias_private.now();
begin
    for v_class in
        select c.priority, case when p_is_thorough then 0 else c.virtual_time end as clock
        from aias_private.queue_clocks as c
        where c.queue_name = p_queue
        order by c.priority desc
    loop
        select array_agg(p.id), max(p.virtual_time) into v_found, v_last
        from (
            select j.id, j.virtual_time
            from procrastinate_jobs as j
            where
                j.status = 'todo'
                and j.scheduled_at is null
                and j.parked_for is null
                and j.queue_name = p_queue
                and j.priority = v_class.priority
                and j.virtual_time >= v_class.clock
                and (
                    j.lock is null
                    or not exists (
                        select
                        from procrastinate_jobs as o
                        where
                            o.lock = j.lock
                            and (
                                o.status = 'doing'
                                or (
                                    o.status = 'todo'
                                    and (
                                        o.scheduled_at is null
                                        or o.scheduled_at <= v_now
                                        or o.parked_for is not null
                                    )
                                    and (o.priority > j.priority or (o.priority = j.priority and o.id < j.id))
                                )
                            )
                    )
                )
            order by j.virtual_time, j.id
            limit p_limit - cardinality(v_ids)
            for update of j skip locked
        ) as p;
        continue when v_found is null;
        v_ids := v_ids || v_found;
        -- the clock follows; whoever holds its row is moving it as well
        update aias_private.queue_clocks as c
        set virtual_time = v_last
        where
            (c.queue_name, c.priority) in (
                select o.queue_name, o.priority
                from aias_private.queue_clocks as o
                where o.queue_name = p_queue and o.priority = v_class.priority and o.virtual_time < v_last
                for update skip locked
            );
        exit when cardinality(v_ids) >= p_limit;
    end loop;
    return v_ids;
end;
$$;
revoke execute on function aias_private.pick_jobs(text, integer, boolean) from public;
comment on function aias_private.pick_jobs(text, integer, boolean) is
'Locks the next ready jobs of one queue, in its order.';
