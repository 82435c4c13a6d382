-- aias_private.reload_execution: the checkpoints as they are now, for the attempt that holds the execution.
--
-- Returns   null when the attempt was superseded.
-- requires: aias_private.step_rows
create or replace function aias_private.reload_execution(
    p_tenant uuid,
    p_execution uuid,
    p_attempt integer
)
returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select aias_private.step_rows(p_tenant, p_execution)
    from aias_private.executions as e
    where e.tenant_id = p_tenant and e.id = p_execution and e.attempt = p_attempt and e.status = 'running'
$$;
revoke execute on function aias_private.reload_execution(uuid, uuid, integer) from public;
comment on function aias_private.reload_execution(uuid, uuid, integer) is
'The checkpoints of an execution, for the attempt that holds it.';
