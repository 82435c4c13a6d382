-- aias.send_signal: hand an execution the event that a step waits for.
--
-- Promise   the earliest waiting step of that name gets the payload as its output and the execution goes on; when none
--           waits yet, the signal is kept for the first that does.
-- Returns   true when a step was waiting.
-- Errors    JR404 no such execution; JR409 it is final; JR422 the name or the payload is not valid.
-- requires: aias_private.execution_tenant
-- requires: aias_private.wake_execution
-- requires: aias_private.add_execution_event
-- requires: aias_private.record_audit
-- requires: aias_private.assert_json_input
create or replace function aias.send_signal(
    p_execution uuid,
    p_name text,
    p_payload jsonb default '{}'
)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.execution_tenant(p_execution);
    v_status text;
    v_step record;
    v_now constant timestamptz := aias_private.now();
begin
    if p_name is null or length(p_name) not between 1 and 200 then
        raise exception 'a signal''s name has 1 to 200 characters' using errcode = 'JR422', column = 'p_name';
    end if;
    perform aias_private.assert_json_input('p_payload', p_payload, 'true', 1000000);
    select e.status into v_status
    from aias_private.executions as e
    where e.tenant_id = v_tenant and e.id = p_execution
    for update;
    if v_status in ('succeeded', 'failed', 'cancelled') then
        raise exception 'the execution % has ended: it takes no signal', p_execution
            using errcode = 'JR409', column = 'p_execution';
    end if;
    update aias_private.steps as s
    set status = 'succeeded', output = p_payload, wait_kind = null, wait_until = null, finished_at = v_now
    where
        s.tenant_id = v_tenant
        and s.execution_id = p_execution
        and (s.id, s.item) = (
            select o.id, o.item
            from aias_private.steps as o
            where
                o.tenant_id = v_tenant
                and o.execution_id = p_execution
                and o.status = 'waiting'
                and o.wait_kind = 'event'
                and o.wait_detail ->> 'name' = p_name
            order by o.started_at, o.id, o.item
            limit 1
        )
    returning s.id, s.item into v_step;
    insert into aias_private.signals (tenant_id, execution_id, name, payload, consumed_at)
    values (v_tenant, p_execution, p_name, p_payload, case when v_step.id is not null then v_now end);
    perform aias_private.add_execution_event(
        v_tenant, p_execution, 'signalled', v_step.id, v_step.item, null, jsonb_build_object('name', p_name)
    );
    perform aias_private.record_audit(
        v_tenant, 'execution.signalled', 'execution', p_execution::text, jsonb_build_object('name', p_name)
    );
    if v_step.id is not null then
        perform aias_private.wake_execution(v_tenant, p_execution);
    end if;
    return v_step.id is not null;
end;
$$;
revoke execute on function aias.send_signal(uuid, text, jsonb) from public;
grant execute on function aias.send_signal(uuid, text, jsonb) to aias_app, aias_admin, aias_worker;
comment on function aias.send_signal(uuid, text, jsonb) is
'Hands an execution a named event; true when a step was waiting for it, else it is kept for the first that does.';
