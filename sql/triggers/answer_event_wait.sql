-- aias_private.answer_event_wait: give a step that waits for an event the one that came before it began to wait.
--
-- Caller    who holds the execution's row (record_steps, answer_event_waits), after the step was written as waiting.
-- Promise   the first event since the execution was asked for, of the step's type, that holds what it says in `match`, is its
--           output. A step that waits for signals only (no `match`) is left alone.
-- Returns   true when the step was answered.
-- requires: aias_private.add_execution_event
-- requires: aias_private.find_event
create or replace function aias_private.answer_event_wait(
    p_step aias_private.steps
)
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_name constant text := p_step.wait_detail ->> 'name';
    v_event record;
begin
    select f.id, f.payload into v_event
    from aias_private.find_event(p_step.tenant_id, p_step.execution_id, v_name, p_step.wait_detail -> 'match') as f;
    if v_event.id is null then
        return false;
    end if;
    update aias_private.steps as s
    set
        status = 'succeeded',
        output = v_event.payload,
        wait_kind = null,
        wait_until = null,
        finished_at = aias_private.now()
    where
        s.tenant_id = p_step.tenant_id
        and s.execution_id = p_step.execution_id
        and s.id = p_step.id
        and s.item = p_step.item
        and s.status = 'waiting'
        and s.wait_kind = 'event';
    if not found then
        return false;
    end if;
    perform aias_private.add_execution_event(
        p_step.tenant_id, p_step.execution_id, 'signalled', p_step.id, p_step.item, null,
        jsonb_build_object('name', v_name, 'event_id', v_event.id)
    );
    return true;
end;
$$;
revoke execute on function aias_private.answer_event_wait(aias_private.steps) from public;
comment on function aias_private.answer_event_wait(aias_private.steps) is
'Gives a step that waits for an event the one that came before it began to wait.';
