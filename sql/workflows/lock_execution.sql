-- aias_private.lock_execution: lock an execution's row, its parent's before it.
--
-- Why       the order parent, child is the same everywhere, so that ends, wakes and cancellations never deadlock.
create or replace function aias_private.lock_execution(
    p_tenant uuid,
    p_execution uuid
)
returns aias_private.executions
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_execution aias_private.executions;
begin
    -- a row's parent never changes, so reading it before the lock is safe
    perform from aias_private.executions as p
    where
        p.tenant_id = p_tenant
        and p.id = (
            select e.parent_execution_id
            from aias_private.executions as e
            where e.tenant_id = p_tenant and e.id = p_execution
        )
    for no key update;
    select e.* into v_execution
    from aias_private.executions as e
    where e.tenant_id = p_tenant and e.id = p_execution
    for update;
    return v_execution;
end;
$$;
revoke execute on function aias_private.lock_execution(uuid, uuid) from public;
comment on function aias_private.lock_execution(uuid, uuid) is 'Locks an execution''s row, its parent''s before it.';
