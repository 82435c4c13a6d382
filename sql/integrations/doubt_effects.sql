-- aias_private.doubt_effects: leave to a person what nobody will look for any more.
--
-- Caller    record_steps, when a step has failed for good (p_step and p_item); close_steps, when an execution ends (p_step is
--           null: all of its steps). Both hold the execution.
-- Promise   every effect whose outcome is not known is in doubt. A call that is still under way settles its own when it ends; a
--           step that comes again (aias.retry_execution) looks for it as before.
-- Locks     the effects' rows.
create or replace function aias_private.doubt_effects(
    p_tenant uuid,
    p_execution uuid,
    p_step text,
    p_item integer
)
returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    update aias_private.effects as e
    set state = 'in_doubt', doubted_at = coalesce(e.doubted_at, aias_private.now())
    where
        e.tenant_id = p_tenant
        and e.execution_id = p_execution
        and (p_step is null or (e.step_id = p_step and e.item = p_item))
        and e.state = 'intended'
$$;
revoke execute on function aias_private.doubt_effects(uuid, uuid, text, integer) from public;
comment on function aias_private.doubt_effects(uuid, uuid, text, integer) is
'Puts in doubt what a step, or a whole execution, has begun outside and will not look for any more.';
