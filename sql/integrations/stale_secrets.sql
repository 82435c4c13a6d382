-- aias_private.stale_secrets: the secrets that are not sealed under their tenant's current key.
--
-- Caller    the rotation of keys, batch by batch. p_tenant null means all tenants; p_after_tenant and p_after are the last
--           row of the batch before.
-- Promise   secrets whose key was erased are left out: nobody can seal them again.
-- Plan      integrations_pkey, in its order.
create or replace function aias_private.stale_secrets(
    p_tenant uuid,
    p_after_tenant uuid,
    p_after uuid,
    p_limit integer
)
returns table (
    tenant_id uuid,
    tenant text,
    integration_id uuid,
    name text,
    secret bytea,
    key_id text,
    wrapped bytea,
    master_key_id text
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select i.tenant_id, t.slug, i.id, i.name, i.secret, i.key_id, k.wrapped, k.master_key_id
    from aias_private.integrations as i
    inner join aias_private.tenants as t on t.id = i.tenant_id
    left join aias_private.tenant_keys as k on k.tenant_id = i.tenant_id and k.id = i.key_id
    where
        (p_tenant is null or i.tenant_id = p_tenant)
        and (p_after is null or (i.tenant_id, i.id) > (p_after_tenant, p_after))
        and (k.status = 'retired' or get_byte(i.secret, 0) = 1)
    order by i.tenant_id, i.id
    limit p_limit
$$;
revoke execute on function aias_private.stale_secrets(uuid, uuid, uuid, integer) from public;
grant execute on function aias_private.stale_secrets(uuid, uuid, uuid, integer) to aias_admin;
comment on function aias_private.stale_secrets(uuid, uuid, uuid, integer) is
'Lists sealed secrets that are due to be sealed under their tenant''s current key.';
