-- aias_private.execution_tenant: the tenant of an execution that a caller names by its id.
--
-- Promise   a confined caller finds its own tenant's executions only.
-- Plan      executions_id_idx.
-- Errors    JR404 no such execution.
create or replace function aias_private.execution_tenant(p_execution uuid)
returns uuid
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid;
begin
    select e.tenant_id into v_tenant from aias_private.executions as e where e.id = p_execution;
    if v_tenant is null
        or not (aias_private.caller_sees_all() or v_tenant is not distinct from aias_private.caller_tenant())
    then
        raise exception 'there is no execution %', coalesce(p_execution::text, 'null')
            using errcode = 'JR404', column = 'p_execution';
    end if;
    return v_tenant;
end;
$$;
revoke execute on function aias_private.execution_tenant(uuid) from public;
comment on function aias_private.execution_tenant(uuid) is 'The tenant of an execution that the caller may see.';
