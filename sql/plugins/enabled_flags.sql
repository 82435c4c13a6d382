-- aias.enabled_flags: the flags that are on for a tenant.
--
-- Caller    aias.plugins.Flags, which keeps the answer for some seconds: one read for all flags of a tenant.
-- Errors    JR404 no such tenant.
-- requires: aias_private.is_flag_on
-- requires: aias_private.tenant_by_slug
create or replace function aias.enabled_flags(p_tenant text)
returns text[]
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(array_agg(f.name order by f.name), '{}')
    from (select aias_private.tenant_by_slug(p_tenant) as id) as t
    cross join aias_private.flags as f
    where aias_private.is_flag_on(f.name, t.id)
$$;
revoke execute on function aias.enabled_flags(text) from public;
grant execute on function aias.enabled_flags(text) to aias_app, aias_worker, aias_admin;
comment on function aias.enabled_flags(text) is 'The names of the flags that are on for the tenant, sorted.';
