-- aias_private.sample_success: when a sample of a tenant first succeeded; null before.
--
-- Promise   a confined caller is told of its own tenant only.
-- Plan      workflows_sample_idx, executions_version_idx: the executions of its samples.
create or replace function aias_private.sample_success(p_tenant uuid)
returns timestamptz
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select min(e.finished_at)
    from aias_private.workflows as w
    inner join aias_private.executions as e
        on e.tenant_id = w.tenant_id and e.workflow_id = w.id and e.status = 'succeeded'
    where
        w.tenant_id = p_tenant
        and w.is_sample
        and (aias_private.caller_sees_all() or p_tenant is not distinct from aias_private.caller_tenant())
$$;
revoke execute on function aias_private.sample_success(uuid) from public;
grant execute on function aias_private.sample_success(uuid) to aias_app, aias_worker, aias_analyst, aias_admin;
comment on function aias_private.sample_success(uuid) is 'When a sample of a tenant first succeeded.';
