-- aias_private.settle_event: note what a worker decided on an event for a subscription, and start what is to start.
--
-- Caller    the task aias.dispatch_event. p_outcome: start (with p_input), filtered, or failed (with p_error).
-- Promise   once: a delivery that is settled stays as it is.
-- Locks     the delivery's row.
-- requires: aias_private.launch_for_event
-- requires: aias_private.record_audit
create or replace function aias_private.settle_event(
    p_tenant uuid,
    p_event uuid,
    p_subscription uuid,
    p_outcome text,
    p_input jsonb,
    p_error jsonb
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform from aias_private.event_deliveries as d
    where
        d.tenant_id = p_tenant
        and d.event_id = p_event
        and d.subscription_id = p_subscription
        and d.status = 'pending'
    for update;
    if not found then
        return;
    end if;
    if p_outcome = 'start' then
        perform aias_private.launch_for_event(p_tenant, p_event, p_subscription, p_input);
        return;
    end if;
    update aias_private.event_deliveries as d
    set status = p_outcome, error = p_error, settled_at = aias_private.now()
    where d.tenant_id = p_tenant and d.event_id = p_event and d.subscription_id = p_subscription;
    if p_outcome = 'failed' then
        perform aias_private.record_audit(
            p_tenant,
            'subscription.failed',
            'subscription',
            p_subscription::text,
            jsonb_build_object('event_id', p_event, 'error', p_error)
        );
    end if;
end;
$$;
revoke execute on function aias_private.settle_event(uuid, uuid, uuid, text, jsonb, jsonb) from public;
grant execute on function aias_private.settle_event(uuid, uuid, uuid, text, jsonb, jsonb) to aias_worker;
comment on function aias_private.settle_event(uuid, uuid, uuid, text, jsonb, jsonb) is
'Notes what a worker decided on an event for a subscription.';
