-- aias_private.wake_for_event: let the steps go on that wait for an event.
--
-- Caller    emit_event, after it has written the event; a job, in a transaction of its own, where the emitter's could not see
--           what was committed lately (p_is_late): then only executions that were asked for before the event count.
-- Promise   a step waits for an event when its wait_for_event says `match`: for one of the type that it names whose payload
--           holds what it says. The event's payload is its output. Each execution is looked at under its lock.
-- Locks     the type's lock, shared, until the transaction ends (event_type_lock); the executions, in the order of their ids.
-- Plan      steps_event_wait_idx.
-- requires: aias_private.add_execution_event
-- requires: aias_private.event_type_lock
-- requires: aias_private.wake_execution
create or replace function aias_private.wake_for_event(
    p_tenant uuid,
    p_event uuid,
    p_is_late boolean
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_event aias_private.events;
    v_execution uuid;
    v_step record;
begin
    select e.* into strict v_event
    from aias_private.events as e
    where e.tenant_id = p_tenant and e.id = p_event;
    -- whoever begins to wait from now on sees the event; what began before, the next statement sees
    perform pg_advisory_xact_lock_shared(aias_private.event_type_lock(p_tenant, v_event.type));
    for v_execution in
        select distinct s.execution_id
        from aias_private.steps as s
        where
            s.tenant_id = p_tenant
            and s.status = 'waiting'
            and s.wait_kind = 'event'
            and s.wait_detail ->> 'name' = v_event.type
            and v_event.payload @> (s.wait_detail -> 'match')
            and (not p_is_late or s.execution_id <= p_event)
        order by s.execution_id
    loop
        perform from aias_private.executions as e
        where e.tenant_id = p_tenant and e.id = v_execution
        for update;
        for v_step in
            update aias_private.steps as s
            set
                status = 'succeeded',
                output = v_event.payload,
                wait_kind = null,
                wait_until = null,
                finished_at = aias_private.now()
            where
                s.tenant_id = p_tenant
                and s.execution_id = v_execution
                and s.status = 'waiting'
                and s.wait_kind = 'event'
                and s.wait_detail ->> 'name' = v_event.type
                and v_event.payload @> (s.wait_detail -> 'match')
            returning s.id, s.item
        loop
            perform aias_private.add_execution_event(
                p_tenant, v_execution, 'signalled', v_step.id, v_step.item, null,
                jsonb_build_object('name', v_event.type, 'event_id', p_event)
            );
            perform aias_private.wake_execution(p_tenant, v_execution);
        end loop;
    end loop;
end;
$$;
revoke execute on function aias_private.wake_for_event(uuid, uuid, boolean) from public;
grant execute on function aias_private.wake_for_event(uuid, uuid, boolean) to aias_worker;
comment on function aias_private.wake_for_event(uuid, uuid, boolean) is 'Lets the steps go on that wait for an event.';
