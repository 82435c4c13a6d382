-- aias_private.settle_effect: note what came of an effect: it happened, or it surely did not.
--
-- Caller    effects.once, after the call or after it was found at the upstream. p_state is done, with the response, or
--           refused.
-- Promise   only the attempt that holds the execution settles; what is settled stays as it is. It may come after the execution was
--           cancelled: a call that was under way then has had its effect all the same.
-- Returns   false when the attempt was superseded: nothing is changed.
-- Locks     the execution's row, shared; then the effect's row.
-- Errors    JR422 p_state is neither.
-- requires: aias_private.may_settle_effects
create or replace function aias_private.settle_effect(
    p_tenant uuid,
    p_execution uuid,
    p_attempt integer,
    p_step text,
    p_item integer,
    p_part text,
    p_state text,
    p_response jsonb
)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_state is null or p_state not in ('done', 'refused') then
        raise exception 'an effect is settled as done or refused, not as %', coalesce(quote_literal(p_state), 'null')
            using errcode = 'JR422', column = 'p_state';
    end if;
    if not aias_private.may_settle_effects(p_tenant, p_execution, p_attempt) then
        return false;
    end if;
    update aias_private.effects as e
    set
        state = p_state,
        response = case when p_state = 'done' then p_response end,
        attempt = p_attempt,
        held_until = null,
        settled_at = aias_private.now()
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
revoke execute on function aias_private.settle_effect(uuid, uuid, integer, text, integer, text, text, jsonb) from public;
grant execute on function aias_private.settle_effect(uuid, uuid, integer, text, integer, text, text, jsonb)
to aias_worker, aias_admin;
comment on function aias_private.settle_effect(uuid, uuid, integer, text, integer, text, text, jsonb) is
'Notes what came of an effect, under the attempt that holds its execution; false when that attempt was superseded.';
