-- aias.refuse_plugin: let a tenant use a plugin no more.
--
-- Promise   as aias_private.set_plugin_rule: in force within seconds, audited. Without p_tenant for all that have no rule of their own.
-- Errors    JR403 not an administrator; JR404 no such tenant; JR422 the name or the reason is not valid, or it is AIAS itself.
-- requires: aias_private.set_plugin_rule
create or replace function aias.refuse_plugin(
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
    select aias_private.set_plugin_rule(p_plugin, p_tenant, false, p_reason)
$$;
revoke execute on function aias.refuse_plugin(text, text, text) from public;
grant execute on function aias.refuse_plugin(text, text, text) to aias_admin;
comment on function aias.refuse_plugin(text, text, text) is
'Refuses a plugin to a tenant, or to every tenant without a rule of its own: its actions neither validate nor run.';
