-- aias_private.may_settle_effects: whether an attempt may say what came of an execution's effects.
--
-- Caller    settle_effect and doubt_effect.
-- Promise   true for the attempt that holds the execution or held it when it ended; a cancellation makes a new attempt that
--           nobody has, so the one before it may still say how its calls ended. True holds until the transaction ends.
-- Locks     the execution's row, shared.
create or replace function aias_private.may_settle_effects(
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
    perform from aias_private.executions as e
    where
        e.tenant_id = p_tenant
        and e.id = p_execution
        and (e.attempt = p_attempt or (e.attempt = p_attempt + 1 and e.status = 'cancelled'))
    for share;
    return found;
end;
$$;
revoke execute on function aias_private.may_settle_effects(uuid, uuid, integer) from public;
comment on function aias_private.may_settle_effects(uuid, uuid, integer) is
'Whether an attempt holds an execution, or held it last before it was cancelled.';
