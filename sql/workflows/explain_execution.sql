-- aias.explain_execution: why an execution does not run now, or that it does.
--
-- Returns   a row per reason, the one that ends first before the others: succeeded | failed | cancelled | running | retry | sleep |
--           event | approval | execution | gate | limit, and for one in the queue what explain_job says of its job, or `no_job` when the
--           job is missing (aias db check --repair makes it again). After these a row `fallback` for each failure that
--           something made up for: what failed and why, what is used instead, and what can be done.
-- Errors    JR404 no such execution.
-- requires: aias_private.execution_tenant
-- requires: aias.explain_job
-- requires: aias_private.step_waits
-- requires: aias_private.execution_fallbacks
create or replace function aias.explain_execution(p_execution uuid)
returns table (
    reason text,
    detail text,
    until timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.execution_tenant(p_execution);
    v_execution aias_private.executions;
begin
    select e.* into strict v_execution
    from aias_private.executions as e
    where e.tenant_id = v_tenant and e.id = p_execution;
    if v_execution.status in ('succeeded', 'failed', 'cancelled') then
        reason := v_execution.status;
        detail := concat_ws(
            ': ',
            format('ended at %s', v_execution.finished_at),
            coalesce(v_execution.error ->> 'message', v_execution.cancel_reason)
        );
        return next;
    elsif v_execution.status = 'waiting' then
        return query
        select w.reason, w.detail, w.until from aias_private.step_waits(v_tenant, p_execution) as w;
    else
        return query select j.reason, j.detail, j.until from aias.explain_job(v_execution.job_id) as j;
    end if;
    return query
    select f.reason, f.detail, f.until from aias_private.execution_fallbacks(v_tenant, p_execution) as f;
exception
    when sqlstate 'JR404' then
        if v_execution.id is null then
            raise;
        end if;
        reason := 'no_job';
        detail := format('the job %s that would advance it is missing', v_execution.job_id);
        return next;
end;
$$;
revoke execute on function aias.explain_execution(uuid) from public;
grant execute on function aias.explain_execution(uuid) to aias_app, aias_admin, aias_worker;
comment on function aias.explain_execution(uuid) is
'Why an execution does not run now and until when, or that it runs or has ended; and what made up for its failures.';
