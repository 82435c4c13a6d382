-- aias_private.outgoing_message: a message that is to be sent, with its endpoint's sealed address and secret.
--
-- Caller    the task aias.deliver_webhook. No row: it was delivered or given up, or its endpoint is gone or disabled.
create or replace function aias_private.outgoing_message(
    p_tenant uuid,
    p_message uuid
)
returns table (
    endpoint text,
    integration_id uuid,
    config jsonb,
    secret bytea,
    key_id text,
    wrapped_key bytea,
    master_key_id text,
    payload jsonb,
    attempt_count integer,
    now timestamptz,
    trace_parent text,
    correlation_id text
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select
        e.name, i.id, i.config, i.secret, i.key_id, k.wrapped, k.master_key_id, m.payload, m.attempt_count, aias_private.now(),
        m.trace_parent, m.correlation_id
    from aias_private.webhook_messages as m
    inner join aias_private.webhook_endpoints as e on e.tenant_id = m.tenant_id and e.id = m.endpoint_id
    inner join aias_private.integrations as i on i.tenant_id = e.tenant_id and i.id = e.integration_id
    left join aias_private.tenant_keys as k on k.tenant_id = i.tenant_id and k.id = i.key_id
    where m.tenant_id = p_tenant and m.id = p_message and m.status = 'pending' and e.is_enabled
$$;
revoke execute on function aias_private.outgoing_message(uuid, uuid) from public;
grant execute on function aias_private.outgoing_message(uuid, uuid) to aias_worker;
comment on function aias_private.outgoing_message(uuid, uuid) is
'A message that is to be sent, with its endpoint''s sealed address and secret.';
