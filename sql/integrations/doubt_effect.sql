-- aias_private.doubt_effect: note that a call is over and nobody knows whether it had its effect.
--
-- Caller    effects.once, when no answer came, or none that says. p_is_final: nothing can find it out, a person is to say.
-- Promise   only the attempt that holds the execution doubts; what is settled stays so. Its own hold ends; that of an
--           earlier attempt, which may still be in its call, stays until it runs out.
-- Returns   false when the attempt was superseded: nothing is changed.
-- Locks     the execution's row, shared; then the effect's row.
-- requires: aias_private.may_settle_effects
create or replace function aias_private.doubt_effect(
    p_tenant uuid,
    p_execution uuid,
    p_attempt integer,
    p_step text,
    p_item integer,
    p_part text,
    p_is_final boolean
)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not aias_private.may_settle_effects(p_tenant, p_execution, p_attempt) then
        return false;
    end if;
    update aias_private.effects as e
    set
        state = case when p_is_final then 'in_doubt' else e.state end,
        held_until = case when e.attempt <> p_attempt then e.held_until end,
        doubted_at = coalesce(e.doubted_at, aias_private.now())
    where
        e.tenant_id = p_tenant
        and e.execution_id = p_execution
        and e.step_id = p_step
        and e.item = p_item
        and e.part = p_part
        and e.state in ('intended', 'in_doubt');
    return true;
end;
$$;
revoke execute on function aias_private.doubt_effect(uuid, uuid, integer, text, integer, text, boolean) from public;
grant execute on function aias_private.doubt_effect(uuid, uuid, integer, text, integer, text, boolean)
to aias_worker, aias_admin;
comment on function aias_private.doubt_effect(uuid, uuid, integer, text, integer, text, boolean) is
'Notes that a call is over and its outcome not known; for good when nothing can find it out.';
