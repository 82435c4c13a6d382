-- aias_private.promote_due_jobs: let scheduled jobs whose time has come stand among the ready ones.
--
-- Caller    claim_jobs, before it looks for ready jobs.
-- Promise   at most p_limit, those that fell due first; when they did stays in due_at. A row that the table's checks refuse
--           (forced in while they were off) is quarantined. What was parked by a rate may be tried again.
-- Locks     their rows, skip locked.
-- Plan      aias_jobs_due_idx: what is not due yet is not read, however much of it there is.
-- requires: aias_private.quarantine_job
create or replace function aias_private.promote_due_jobs(p_limit integer)
returns integer
language plpgsql
volatile
set search_path = public, pg_temp
-- a plan for any time at all takes a third of what is scheduled for due, and reads it
set plan_cache_mode = auto
as $$
declare
    v_ids bigint[];
    v_message text;
    v_count integer := 0;
    v_limit integer := p_limit;
    v_now constant timestamptz := aias_private.now();
begin
    for v_try in 1..50 loop
        -- infinity sorts last and is never due; such a row could only be forced in, and is not to wait for ever
        select array_agg(d.id) into v_ids
        from (
            select j.id
            from procrastinate_jobs as j
            where j.status = 'todo' and (j.scheduled_at <= v_now or j.scheduled_at = 'infinity')
            order by j.scheduled_at
            limit v_limit
            for update skip locked
        ) as d;
        exit when v_ids is null;
        begin
            update procrastinate_jobs as j
            set
                due_at = j.scheduled_at,
                scheduled_at = null,
                parked_for = case when j.parked_for not like 'rate:%' then j.parked_for end
            where j.id = any(v_ids);
            v_count := v_count + cardinality(v_ids);
            exit when v_limit = p_limit or v_count >= p_limit;
        exception
            when check_violation then
                if cardinality(v_ids) = 1 then
                    get stacked diagnostics v_message = message_text;
                    perform aias_private.quarantine_job(v_ids[1], v_message);
                else
                    v_limit := 1;
                end if;
        end;
    end loop;
    return v_count;
end;
$$;
revoke execute on function aias_private.promote_due_jobs(integer) from public;
comment on function aias_private.promote_due_jobs(integer) is
'Lets scheduled jobs whose time has come stand among the ready ones, and says how many.';
