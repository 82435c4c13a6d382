-- aias_private.release_effects: take a person's word that what a step has in doubt did not happen.
--
-- Caller    aias.approve_step, when a call in doubt is to be made again.
-- Promise   every effect of the step that is in doubt counts as refused: it is sent again by the next call.
-- Locks     the effects' rows; the caller holds the execution's.
create or replace function aias_private.release_effects(
    p_tenant uuid,
    p_execution uuid,
    p_step text,
    p_item integer,
    p_by text,
    p_comment text
)
returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    update aias_private.effects as e
    set
        state = 'refused',
        settled_at = aias_private.now(),
        resolved_by = p_by,
        resolved_comment = left(p_comment, 2000)
    where
        e.tenant_id = p_tenant
        and e.execution_id = p_execution
        and e.step_id = p_step
        and e.item = p_item
        and e.state = 'in_doubt'
$$;
revoke execute on function aias_private.release_effects(uuid, uuid, text, integer, text, text) from public;
comment on function aias_private.release_effects(uuid, uuid, text, integer, text, text) is
'Lets the effects that a step has in doubt be sent again, on a person''s word.';
