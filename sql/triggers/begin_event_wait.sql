-- aias_private.begin_event_wait: see to it that a step that begins to wait misses no event.
--
-- Caller    record_steps, in the transaction that writes the step as waiting.
-- Promise   an event that is committed is found now. One whose transaction begins to look for waiting steps after this one
--           has the type's lock waits until the step can be seen. Where somebody is emitting just now (the lock is not
--           free) nothing waits here: a job looks again when the step is committed (answer_event_waits).
-- Locks     the type's lock, tried, never waited for: an execution's row is held.
-- requires: aias_private.answer_event_wait
-- requires: aias_private.event_type_lock
-- requires: aias_private.insert_tenant_job
create or replace function aias_private.begin_event_wait(
    p_step aias_private.steps
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_is_alone constant boolean := pg_try_advisory_xact_lock(
        aias_private.event_type_lock(p_step.tenant_id, p_step.wait_detail ->> 'name')
    );
begin
    -- a statement of its own: it sees what was committed before the lock was free
    if not aias_private.answer_event_wait(p_step) and not v_is_alone then
        perform aias_private.insert_tenant_job(
            p_step.tenant_id, 'aias.answer_event_waits', jsonb_build_object('execution_id', p_step.execution_id), null
        );
    end if;
end;
$$;
revoke execute on function aias_private.begin_event_wait(aias_private.steps) from public;
comment on function aias_private.begin_event_wait(aias_private.steps) is
'Sees to it that a step that begins to wait for an event misses none.';
