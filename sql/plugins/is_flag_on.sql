-- aias_private.is_flag_on: whether a flag is on for a tenant.
--
-- Caller    the engine, where it decides what a flag changes; aias.is_enabled for everybody else.
-- Promise   the tenant's own word first, then the flag's percentage; false for a flag that nobody has set.
-- Cost      two reads by key.
-- requires: aias_private.flag_bucket
create or replace function aias_private.is_flag_on(
    p_flag text,
    p_tenant uuid
)
returns boolean
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        (select o.is_on from aias_private.flag_tenants as o where o.tenant_id = p_tenant and o.flag = p_flag),
        (
            select aias_private.flag_bucket(f.name, p_tenant) < f.percentage * 100
            from aias_private.flags as f
            where f.name = p_flag
        ),
        false
    )
$$;
revoke execute on function aias_private.is_flag_on(text, uuid) from public;
comment on function aias_private.is_flag_on(text, uuid) is
'Whether a flag is on for a tenant: by the tenant''s own word, else by the flag''s percentage.';
