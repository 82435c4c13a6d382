-- aias.plugin_rules: which tenant was given, or refused, which plugin.
create or replace view aias.plugin_rules
with (security_barrier)
as
select
    t.slug as tenant,
    r.plugin,
    r.is_allowed,
    r.reason,
    r.set_by,
    r.set_at
from aias_private.plugin_rules as r
inner join aias_private.tenants as t on r.tenant_id = t.id
where
    (select aias_private.caller_sees_all())
    or r.tenant_id = (select aias_private.caller_tenant())
union all
select
    null as tenant,
    d.plugin,
    d.is_allowed,
    d.reason,
    d.set_by,
    d.set_at
from aias_private.plugin_defaults as d;
grant select on aias.plugin_rules to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.plugin_rules is
'Which tenant was given, or refused, which plugin. A plugin without a rule is everybody''s. Fresh.';
comment on column aias.plugin_rules.tenant is 'The tenant''s slug; null: every tenant without a rule of its own.';
comment on column aias.plugin_rules.plugin is 'The plugin: the name of its distribution.';
comment on column aias.plugin_rules.is_allowed is 'Whether it may be used.';
comment on column aias.plugin_rules.reason is 'Why, in the words of whoever said so.';
comment on column aias.plugin_rules.set_by is 'Who said so.';
comment on column aias.plugin_rules.set_at is 'When it was said.';
