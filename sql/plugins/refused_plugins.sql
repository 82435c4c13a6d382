-- aias.refused_plugins: the plugins that a tenant may not use.
--
-- Caller    the validation of definitions, and the engine when a workflow with a plugin's action is claimed.
-- Errors    JR404 no such tenant.
-- requires: aias_private.tenant_by_slug
create or replace function aias.refused_plugins(p_tenant text)
returns table (
    plugin text,
    reason text
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    with tenant as materialized (
        select aias_private.tenant_by_slug(p_tenant) as id
    )

    select r.plugin, r.reason
    from tenant as t
    inner join aias_private.plugin_rules as r on r.tenant_id = t.id
    where not r.is_allowed
    union all
    select d.plugin, d.reason
    from tenant as t
    cross join aias_private.plugin_defaults as d
    where
        not d.is_allowed
        and not exists (
            select from aias_private.plugin_rules as r where r.tenant_id = t.id and r.plugin = d.plugin
        )
$$;
revoke execute on function aias.refused_plugins(text) from public;
grant execute on function aias.refused_plugins(text) to aias_app, aias_worker, aias_admin;
comment on function aias.refused_plugins(text) is 'The plugins that the tenant may not use, and why.';
