-- aias_private.job_gate: what keeps a job that is due from being claimed.
--
-- Caller    explain_job. No row: nothing does.
-- Promise   the claim's own rules, in its own functions: pauses_of_jobs, limits_of_jobs, limit_state; the lock as in pick_jobs
--           and the rate as in take_rate.
-- requires: aias_private.limit_state
-- requires: aias_private.limits_of_jobs
-- requires: aias_private.pauses_of_jobs
create or replace function aias_private.job_gate(p_job bigint)
returns table (
    reason text,
    detail text,
    until timestamptz
)
language plpgsql
stable
set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
    v_job procrastinate_jobs;
    v_pause record;
    v_other record;
    v_limit record;
    v_state record;
    v_holders text;
    v_step interval;
    v_now constant timestamptz := aias_private.now();
begin
    select j.* into strict v_job from procrastinate_jobs as j where j.id = p_job;
    select p.scope, p.name, p.reason, p.paused_by, p.paused_at into v_pause
    from aias_private.pauses_of_jobs(array[p_job]) as p
    order by p.paused_at
    limit 1;
    if found then
        return query values (
            'pause',
            format(
                'the %s %s was paused by %s at %s%s',
                v_pause.scope, v_pause.name, v_pause.paused_by, v_pause.paused_at, ': ' || v_pause.reason
            ),
            null::timestamptz
        );
        return;
    end if;
    select o.id, o.status, o.worker_id into v_other
    from procrastinate_jobs as o
    where
        o.lock = v_job.lock
        and (
            o.status = 'doing'
            or (
                o.status = 'todo'
                and (o.scheduled_at is null or o.scheduled_at <= v_now or o.parked_for is not null)
                and (o.priority > v_job.priority or (o.priority = v_job.priority and o.id < v_job.id))
            )
        )
    order by o.status desc, o.priority desc, o.id
    limit 1;
    if found then
        return query values (
            'lock',
            case v_other.status
                when 'doing' then format('job %s runs under the same lock, on worker %s', v_other.id, v_other.worker_id)
                else format('job %s comes first under the same lock', v_other.id)
            end,
            null::timestamptz
        );
        return;
    end if;
    for v_limit in
        select l.key, l.scope, l.name, l.has_maximum, l.rate_count, l.rate_per, l.rate_burst
        from aias_private.limits_of_jobs(array[p_job]) as l
        order by l.rate_count is not null, l.key
    loop
        if v_limit.has_maximum then
            select s.max_running, s.running_count into v_state from aias_private.limit_state(v_limit.key) as s;
            if v_state.running_count >= v_state.max_running then
                if v_limit.scope = 'key' then
                    select string_agg(o.id::text, ', ') into v_holders
                    from (
                        select j.id
                        from procrastinate_jobs as j
                        where
                            j.status = 'doing'
                            and j.limit_key = v_limit.name
                            and (aias_private.caller_sees_all() or j.tenant_id = v_job.tenant_id)
                        order by j.id
                        limit 5
                    ) as o;
                else
                    select string_agg(o.id::text, ', ') into v_holders
                    from (
                        select j.id
                        from procrastinate_jobs as j
                        where
                            j.status = 'doing'
                            and j.tenant_id = v_job.tenant_id
                            and (v_limit.scope <> 'workflow' or j.workflow_id = v_job.workflow_id)
                        order by j.id
                        limit 5
                    ) as o;
                end if;
                return query values (
                    'limit',
                    format(
                        'under the %s %s at most %s run at once%s',
                        v_limit.scope, v_limit.name, v_state.max_running, ', now ' || v_holders
                    ),
                    null::timestamptz
                );
                return;
            end if;
        end if;
        if v_limit.rate_count is not null then
            v_step := v_limit.rate_per / v_limit.rate_count;
            select r.theoretical_arrival_at - v_step * (v_limit.rate_burst - 1) as free_at into v_state
            from aias_private.rate_states as r
            where r.key = v_limit.key;
            if v_state.free_at > v_now then
                return query values (
                    'rate',
                    format(
                        'under the %s %s at most %s start per %s',
                        v_limit.scope, v_limit.name, v_limit.rate_count, v_limit.rate_per
                    ),
                    v_state.free_at
                );
                return;
            end if;
        end if;
    end loop;
end;
$$;
revoke execute on function aias_private.job_gate(bigint) from public;
comment on function aias_private.job_gate(bigint) is 'What keeps a job that is due from being claimed; no row when nothing does.';
