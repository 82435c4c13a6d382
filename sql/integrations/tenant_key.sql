-- aias.tenant_key: a key of a tenant, wrapped, and the tenant's id.
--
-- Caller    aias.integrations in Python, before it seals or opens a secret. Only the master key unwraps what comes back.
-- Promise   without p_key the current one; a row without a key for a tenant that has none.
-- Errors    JR404 no such tenant.
-- requires: aias_private.tenant_by_slug
create or replace function aias.tenant_key(
    p_tenant text,
    p_key text default null
)
returns table (
    tenant_id uuid,
    key_id text,
    wrapped bytea,
    master_key_id text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.tenant_by_slug(p_tenant);
begin
    return query
    select v_tenant, k.id, k.wrapped, k.master_key_id
    from (values (v_tenant)) as t (id)
    left join aias_private.tenant_keys as k
        on
            k.tenant_id = t.id
            and ((p_key is null and k.status = 'current') or (p_key is not null and k.id = p_key));
end;
$$;
revoke execute on function aias.tenant_key(text, text) from public;
grant execute on function aias.tenant_key(text, text) to aias_app, aias_worker, aias_admin;
comment on function aias.tenant_key(text, text) is
'Returns a tenant''s current key, or the one of an id, as it is stored: wrapped by the master key.';
