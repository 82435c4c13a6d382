-- aias.reset_plugin: take back what was said of a tenant and a plugin; the rule for all tenants counts again.
--
-- Promise   as aias_private.set_plugin_rule: in force within seconds, audited. Without p_tenant for all that have no rule of their own.
-- Errors    JR403 not an administrator; JR404 no such tenant; JR422 the name or the reason is not valid, or it is AIAS itself.
-- requires: aias_private.set_plugin_rule
create or replace function aias.reset_plugin(
    p_plugin text,
    p_tenant text default null,
    p_reason text default null
)
returns void
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    select aias_private.set_plugin_rule(p_plugin, p_tenant, null, p_reason)
$$;
revoke execute on function aias.reset_plugin(text, text, text) from public;
grant execute on function aias.reset_plugin(text, text, text) to aias_admin;
comment on function aias.reset_plugin(text, text, text) is
'Takes back what was said of a tenant and a plugin, or of all tenants and a plugin.';
