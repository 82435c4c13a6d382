-- aias_private.keys_under_other_masters: the keys that another master key than this one wraps.
--
-- Caller    the rotation of the master key, batch by batch, until nothing comes back.
-- Promise   the tenants' keys, and under the nil tenant the operators'.
-- Plan      tenant_keys_pkey; there is one row per tenant.
-- requires: aias_private.nil_uuid
create or replace function aias_private.keys_under_other_masters(
    p_master_key text,
    p_limit integer
)
returns table (
    tenant_id uuid,
    key_id text,
    wrapped bytea,
    master_key_id text
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select k.tenant_id, k.id, k.wrapped, k.master_key_id
    from aias_private.tenant_keys as k
    where k.wrapped is not null and k.master_key_id <> p_master_key
    union all
    select aias_private.nil_uuid(), o.id, o.wrapped, o.master_key_id
    from aias_private.operator_keys as o
    where o.master_key_id <> p_master_key
    order by 1, 2
    limit p_limit
$$;
revoke execute on function aias_private.keys_under_other_masters(text, integer) from public;
grant execute on function aias_private.keys_under_other_masters(text, integer) to aias_admin;
comment on function aias_private.keys_under_other_masters(text, integer) is
'Lists the keys of tenants and of the operators that are not wrapped by this master key.';
