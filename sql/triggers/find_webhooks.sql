-- aias_private.find_webhooks: the webhooks that tokens belong to, with their sealed secrets.
--
-- Caller    the intake of webhooks, for all requests of a moment; a token that belongs to none gives no row.
--           It remembers them for some seconds: take_delivery takes nothing for what is not the version any more.
-- Plan      webhooks_token_key: the hash is looked up, so that how long it takes tells nothing of tokens.
create or replace function aias_private.find_webhooks(p_token_hashes bytea[])
returns table (
    token_hash bytea,
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
    now timestamptz,
    version text
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select
        w.token_hash, w.tenant_id, t.slug, w.id, w.name, w.style, i.id, i.config, i.secret, i.key_id, k.wrapped, k.master_key_id,
        w.condition, w.mapping, w.max_bytes, aias_private.now(), w.version || '.' || i.credential_version
    from aias_private.webhooks as w
    inner join aias_private.tenants as t on t.id = w.tenant_id
    inner join aias_private.integrations as i on i.tenant_id = w.tenant_id and i.id = w.integration_id
    left join aias_private.tenant_keys as k on k.tenant_id = i.tenant_id and k.id = i.key_id
    where w.token_hash = any(p_token_hashes) and w.is_enabled
$$;
revoke execute on function aias_private.find_webhooks(bytea[]) from public;
grant execute on function aias_private.find_webhooks(bytea[]) to aias_worker;
comment on function aias_private.find_webhooks(bytea[]) is 'The webhooks that tokens belong to, with their sealed secrets.';
