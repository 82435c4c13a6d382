-- aias_private.release_execution: give an execution back unfinished, without counting a crash.
--
-- Caller    a worker that shuts down; its job goes back to the queue by the worker's own hand.
-- Returns   false when the attempt was superseded.
-- requires: aias_private.add_execution_event
create or replace function aias_private.release_execution(
    p_tenant uuid,
    p_execution uuid,
    p_attempt integer
)
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update aias_private.executions as e
    set status = 'queued', worker_id = null, attempt = e.attempt + 1
    where e.tenant_id = p_tenant and e.id = p_execution and e.attempt = p_attempt and e.status = 'running';
    if not found then
        return false;
    end if;
    perform aias_private.add_execution_event(p_tenant, p_execution, 'released', null, null, p_attempt, null);
    return true;
end;
$$;
revoke execute on function aias_private.release_execution(uuid, uuid, integer) from public;
comment on function aias_private.release_execution(uuid, uuid, integer) is
'Gives an execution back to the queue unfinished, when its worker shuts down.';
