-- aias_private.recent_runs: when the first of a tenant's executions of the last ten minutes began, and when one first succeeded.
--
-- Why       the rollups know it a minute later; who takes the first steps does not wait for them. Samples are left out.
-- Promise   a confined caller is told of its own tenant only.
-- Plan      executions_pkey: the ids of ten minutes.
create or replace function aias_private.recent_runs(p_tenant uuid)
returns table (
    run_at timestamptz,
    success_at timestamptz
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select
        min(e.created_at),
        min(e.finished_at) filter (where e.status = 'succeeded')
    from aias_private.executions as e
    inner join aias_private.workflows as w on w.tenant_id = e.tenant_id and w.id = e.workflow_id and not w.is_sample
    where
        e.tenant_id = p_tenant
        and e.id >= aias_private.uuid7_floor(aias_private.now() - interval '10 minutes')
        and (aias_private.caller_sees_all() or p_tenant is not distinct from aias_private.caller_tenant())
$$;
revoke execute on function aias_private.recent_runs(uuid) from public;
grant execute on function aias_private.recent_runs(uuid) to aias_app, aias_worker, aias_analyst, aias_admin;
comment on function aias_private.recent_runs(uuid) is
'When the first execution of a tenant''s last ten minutes began, and when one first succeeded; samples left out.';
