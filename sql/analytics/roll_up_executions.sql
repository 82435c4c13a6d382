-- aias_private.roll_up_executions: add the executions of a span of time to their days.
--
-- Caller    roll_up_activity, which has taken the open rows out. p_until is null where there is no end: all that is newer than
--           p_settled is then summed up as open.
-- Promise   an execution counts as started on the day of its call, and as ended on the day of its end, once per end: a failed one
--           that was retried may end again. Its steps count with its end, those from before a retry with the end before it;
--           an end that a retry has undone before a run saw it is not counted. Steps that a replay took over are not counted, nor is
--           anything of samples (workflows.is_sample).
-- Plan      executions_id_idx, executions_finished_at_idx, the key of steps.
-- Returns   how many rows of the days were added to, and whose they are.
create or replace function aias_private.roll_up_executions(
    p_from timestamptz,
    p_settled timestamptz,
    p_until timestamptz
)
returns table (
    row_count bigint,
    tenants uuid[]
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_started bigint;
    v_starters uuid[];
    -- bounds that the plan can be made with
    v_first constant uuid := aias_private.uuid7_floor(p_from);
    v_settled constant uuid := aias_private.uuid7_floor(p_settled);
    v_last constant uuid := case
        when p_until is null then 'ffffffff-ffff-ffff-ffff-ffffffffffff' else aias_private.uuid7_floor(p_until)
    end;
    v_until constant timestamptz := coalesce(p_until, 'infinity');
begin
    with counted as (
        insert into aias_private.execution_days as d (tenant_id, day, workflow_id, is_open, started_count)
        select
            e.tenant_id,
            (e.created_at at time zone 'UTC')::date,
            e.workflow_id,
            e.id >= v_settled,
            count(*)
        from aias_private.executions as e
        where
            e.id >= v_first
            and e.id < v_last
            and not exists (
                select from aias_private.workflows as w
                where w.tenant_id = e.tenant_id and w.id = e.workflow_id and w.is_sample
            )
        group by 1, 2, 3, 4
        order by 1, 2, 3, 4
        on conflict (tenant_id, day, workflow_id, is_open) do update
        set started_count = d.started_count + excluded.started_count
        returning d.tenant_id
    )
    select
        count(*),
        array_agg(distinct c.tenant_id)
    into v_started, v_starters
    from counted as c;
    with counted as (
        insert into aias_private.execution_days as d (
            tenant_id, day, workflow_id, is_open, succeeded_count, failed_count, cancelled_count, step_count, run_time
        )
        select
            e.tenant_id,
            (e.finished_at at time zone 'UTC')::date,
            e.workflow_id,
            e.finished_at >= p_settled,
            count(*) filter (where e.status = 'succeeded'),
            count(*) filter (where e.status = 'failed'),
            count(*) filter (where e.status = 'cancelled'),
            sum(s.step_count),
            coalesce(sum(e.finished_at - e.started_at), '0')
        from aias_private.executions as e
        cross join lateral (
            select max(v.at) as at
            from aias_private.execution_events as v
            where v.tenant_id = e.tenant_id and v.execution_id = e.id and v.type = 'retried'
        ) as r
        cross join lateral (
            select count(*) as step_count
            from aias_private.steps as s
            where
                s.tenant_id = e.tenant_id
                and s.execution_id = e.id
                and s.attempt_count > 0
                and s.execution_attempt > 0
                and (r.at is null or s.finished_at > r.at)
        ) as s
        where
            e.finished_at >= p_from
            and e.finished_at < v_until
            and not exists (
                select from aias_private.workflows as w
                where w.tenant_id = e.tenant_id and w.id = e.workflow_id and w.is_sample
            )
        group by 1, 2, 3, 4
        order by 1, 2, 3, 4
        on conflict (tenant_id, day, workflow_id, is_open) do update
        set
            succeeded_count = d.succeeded_count + excluded.succeeded_count,
            failed_count = d.failed_count + excluded.failed_count,
            cancelled_count = d.cancelled_count + excluded.cancelled_count,
            step_count = d.step_count + excluded.step_count,
            run_time = d.run_time + excluded.run_time
        returning d.tenant_id
    )
    select
        count(*) + v_started,
        array_cat(array_agg(distinct c.tenant_id), v_starters)
    into row_count, tenants
    from counted as c;
    insert into aias_private.tenant_milestones as m (tenant_id, first_success_at, last_success_at)
    select
        e.tenant_id,
        min(e.finished_at),
        max(e.finished_at)
    from aias_private.executions as e
    where
        e.finished_at >= p_from
        and e.finished_at < v_until
        and e.status = 'succeeded'
        and not exists (
            select from aias_private.workflows as w
            where w.tenant_id = e.tenant_id and w.id = e.workflow_id and w.is_sample
        )
    group by e.tenant_id
    order by e.tenant_id
    on conflict (tenant_id) do update
    set
        first_success_at = least(m.first_success_at, excluded.first_success_at),
        last_success_at = greatest(m.last_success_at, excluded.last_success_at);
    return next;
end;
$$;
revoke execute on function aias_private.roll_up_executions(timestamptz, timestamptz, timestamptz) from public;
comment on function aias_private.roll_up_executions(timestamptz, timestamptz, timestamptz) is
'Adds the executions that were started or ended in a span of time to their days.';
