-- aias_private.stored_delivery: a delivery and its webhook's templates, to be decided on again.
--
-- Caller    the task aias.replay_delivery.
create or replace function aias_private.stored_delivery(
    p_tenant uuid,
    p_delivery uuid
)
returns table (
    webhook_id uuid,
    condition text,
    mapping jsonb,
    source_event_id text,
    topic text,
    account text,
    headers jsonb,
    payload jsonb,
    body_hash bytea
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select w.id, w.condition, w.mapping, d.source_event_id, d.topic, d.account, d.headers, d.payload, d.body_hash
    from aias_private.webhook_deliveries as d
    inner join aias_private.webhooks as w on w.tenant_id = d.tenant_id and w.id = d.webhook_id
    where d.tenant_id = p_tenant and d.id = p_delivery and d.redacted_at is null
$$;
revoke execute on function aias_private.stored_delivery(uuid, uuid) from public;
grant execute on function aias_private.stored_delivery(uuid, uuid) to aias_worker;
comment on function aias_private.stored_delivery(uuid, uuid) is
'A delivery and its webhook''s templates, to be decided on again.';
