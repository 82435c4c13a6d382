-- aias_private.find_api_key: what a request must know of the key that it came with.
--
-- Caller    the HTTP API, with each request; it compares the hash in constant time.
-- Plan      api_keys_id_idx.
-- requires: aias_private.nil_uuid
create or replace function aias_private.find_api_key(p_key text)
returns table (
    tenant_id uuid,
    tenant text,
    name text,
    secret_hash bytea,
    scopes text[],
    plan_requests_per_minute integer,
    key_requests_per_minute integer,
    refusal text
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select
        nullif(k.tenant_id, aias_private.nil_uuid()),
        t.slug,
        k.name,
        k.secret_hash,
        k.scopes,
        p.requests_per_minute,
        k.requests_per_minute,
        case
            when k.revoked_at is not null then 'revoked'
            when k.expires_at <= aias_private.now() then 'expired'
            -- the tenant is gone
            when t.id is null and k.tenant_id <> aias_private.nil_uuid() then 'revoked'
        end
    from aias_private.api_keys as k
    left join aias_private.tenants as t on t.id = k.tenant_id
    left join aias_private.plans as p on p.name = t.plan
    where k.id = p_key
$$;
revoke execute on function aias_private.find_api_key(text) from public;
grant execute on function aias_private.find_api_key(text) to aias_admin;
comment on function aias_private.find_api_key(text) is
'A key of the HTTP API with its hash, its tenant and its limits, and why it is refused where it is.';
