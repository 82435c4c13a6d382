-- aias_private.find_webhook: the webhook that a token belongs to, with its sealed secret.
--
-- Caller    the intake of webhooks.
-- Plan      webhooks_token_key: the hash is looked up, so that how long it takes tells nothing of tokens.
create or replace function aias_private.find_webhook(p_token_hash bytea)
returns table (
    tenant_id uuid,
    tenant text,
    id uuid,
    name text,
    style text,
    integration_id uuid,
    config jsonb,
    secret bytea,
    key_id text,
    wrapped_key bytea,
    master_key_id text,
    condition text,
    mapping jsonb,
    max_bytes integer,
    now timestamptz
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select
        w.tenant_id, t.slug, w.id, w.name, w.style, i.id, i.config, i.secret, i.key_id, k.wrapped, k.master_key_id, w.condition,
        w.mapping, w.max_bytes, aias_private.now()
    from aias_private.webhooks as w
    inner join aias_private.tenants as t on t.id = w.tenant_id
    inner join aias_private.integrations as i on i.tenant_id = w.tenant_id and i.id = w.integration_id
    left join aias_private.tenant_keys as k on k.tenant_id = i.tenant_id and k.id = i.key_id
    where w.token_hash = p_token_hash and w.is_enabled
$$;
revoke execute on function aias_private.find_webhook(bytea) from public;
grant execute on function aias_private.find_webhook(bytea) to aias_worker;
comment on function aias_private.find_webhook(bytea) is 'The webhook that a token belongs to, with its sealed secret.';
