-- aias_private.launch_for_event: start what a subscription starts, for one event, once.
--
-- Caller    emit_event, and settle_event_delivery after a worker has looked at the event.
-- Promise   one execution per event and subscription. What refuses to start (input that does not fit, a workflow that is
--           disabled, a chain that is too long, a quota that is used up) is kept with its reason and audited; it does not undo the event.
-- requires: aias_private.launch_workflow
-- requires: aias_private.record_audit
-- requires: aias_private.span_id
-- requires: aias_private.trace_parent
create or replace function aias_private.launch_for_event(
    p_tenant uuid,
    p_event uuid,
    p_subscription uuid,
    p_input jsonb
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_subscription aias_private.event_subscriptions;
    v_event record;
    v_execution uuid;
    v_error jsonb;
begin
    select s.* into v_subscription
    from aias_private.event_subscriptions as s
    where s.tenant_id = p_tenant and s.id = p_subscription;
    select e.depth, e.trace_parent, e.correlation_id into v_event
    from aias_private.events as e
    where e.tenant_id = p_tenant and e.id = p_event;
    begin
        v_execution := aias_private.launch_workflow(
            p_tenant,
            v_subscription.workflow_id,
            p_input,
            jsonb_build_object(
                'origin', 'event',
                'origin_id', p_subscription,
                'depth', v_event.depth,
                'trace_parent', aias_private.trace_parent(p_event, v_event.trace_parent, aias_private.span_id(p_event)),
                'correlation_id', v_event.correlation_id
            ),
            jsonb_build_object('event_id', p_event, 'subscription', v_subscription.name)
        );
    exception
        when sqlstate 'JR404' or sqlstate 'JR409' or sqlstate 'JR422' or sqlstate 'JR429' then
            v_error := jsonb_build_object('type', 'NotStarted', 'message', sqlerrm);
            perform aias_private.record_audit(
                p_tenant,
                'subscription.failed',
                'subscription',
                p_subscription::text,
                jsonb_build_object('name', v_subscription.name, 'event_id', p_event, 'error', v_error)
            );
    end;
    insert into aias_private.event_deliveries as d (
        tenant_id, event_id, subscription_id, status, execution_id, error, settled_at
    )
    values (
        p_tenant, p_event, p_subscription, case when v_error is null then 'started' else 'failed' end, v_execution, v_error,
        aias_private.now()
    )
    on conflict (tenant_id, event_id, subscription_id) do update
    set
        status = excluded.status,
        execution_id = excluded.execution_id,
        error = excluded.error,
        settled_at = excluded.settled_at;
end;
$$;
revoke execute on function aias_private.launch_for_event(uuid, uuid, uuid, jsonb) from public;
comment on function aias_private.launch_for_event(uuid, uuid, uuid, jsonb) is
'Starts what a subscription starts, for one event.';
