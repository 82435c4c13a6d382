-- aias_private.pending_event: what a worker needs to decide on an event for a subscription.
--
-- Caller    the task aias.dispatch_event. No row: it is settled, or the subscription is gone.
create or replace function aias_private.pending_event(
    p_tenant uuid,
    p_event uuid,
    p_subscription uuid
)
returns table (
    condition text,
    mapping jsonb,
    event jsonb,
    payload jsonb
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select
        s.condition,
        s.mapping,
        jsonb_build_object(
            'id', e.event_id, 'source', e.source, 'type', e.type, 'subject', e.subject, 'time', e.at
        ),
        e.payload
    from aias_private.event_deliveries as d
    inner join aias_private.events as e on e.tenant_id = d.tenant_id and e.id = d.event_id
    inner join aias_private.event_subscriptions as s on s.tenant_id = d.tenant_id and s.id = d.subscription_id
    where
        d.tenant_id = p_tenant
        and d.event_id = p_event
        and d.subscription_id = p_subscription
        and d.status = 'pending'
$$;
revoke execute on function aias_private.pending_event(uuid, uuid, uuid) from public;
grant execute on function aias_private.pending_event(uuid, uuid, uuid) to aias_worker;
comment on function aias_private.pending_event(uuid, uuid, uuid) is
'The event and the templates that a worker decides on for a subscription.';
