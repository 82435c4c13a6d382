-- aias.alert_rules: when an alert opens, and who is told.
-- requires: aias_private.nil_uuid
create or replace view aias.alert_rules
with (security_barrier)
as
select
    nullif(r.tenant_id, aias_private.nil_uuid()) as tenant_id,
    t.slug as tenant,
    r.name,
    r.description,
    r.source,
    s.key_kind,
    s.unit,
    r.comparison,
    r.threshold,
    r.window_length,
    r.for_duration,
    r.resolve_after,
    r.severity,
    r.scope,
    r.scope_name,
    r.tells,
    r.channels,
    r.renotify_every,
    r.group_every,
    r.inhibited_by,
    r.is_enabled,
    r.is_shipped,
    r.updated_at,
    (
        select count(*)
        from aias_private.alerts as a
        where
            a.rule_tenant_id = r.tenant_id
            and a.rule = r.name
            and a.status <> 'resolved'
            and (
                (select aias_private.caller_sees_all())
                or a.tenant_id = (select aias_private.caller_tenant())
            )
    ) as open_count
from aias_private.alert_rules as r
left join aias_private.alert_sources as s on r.source = s.name
left join aias_private.tenants as t on r.tenant_id = t.id
where
    (select aias_private.caller_sees_all())
    or r.tenant_id in ((select aias_private.caller_tenant()), aias_private.nil_uuid());
grant select on aias.alert_rules to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.alert_rules is
'The rules by which alerts open: the operators'', which look at every tenant, and the tenants'' own. Fresh.';
comment on column aias.alert_rules.tenant_id is 'The tenant whose rule it is; null for the operators''.';
comment on column aias.alert_rules.tenant is 'The tenant''s slug; null for the operators''.';
comment on column aias.alert_rules.name is 'Its name, unique per tenant; a section of docs/runbook.md for those that come with AIAS.';
comment on column aias.alert_rules.description is 'What it means when it opens.';
comment on column aias.alert_rules.source is
'What it looks at (aias.alert_sources.name); null: the system raises it when it happens.';
comment on column aias.alert_rules.key_kind is 'What the alerts'' keys name: tenant, integration, lane, schedule, ...';
comment on column aias.alert_rules.unit is 'The unit of the threshold.';
comment on column aias.alert_rules.comparison is 'How the value is compared with the threshold: >, >=, < or <=.';
comment on column aias.alert_rules.threshold is 'What the value is compared with, in the source''s unit.';
comment on column aias.alert_rules.window_length is 'Over how much of the past the source looks, where it looks back.';
comment on column aias.alert_rules.for_duration is 'How long it must hold before the alert opens.';
comment on column aias.alert_rules.resolve_after is 'How long it must be over before the alert ends by itself.';
comment on column aias.alert_rules.severity is 'info, warning or critical.';
comment on column aias.alert_rules.scope is 'global: all that the source gives; tenant, integration or lane: one of them.';
comment on column aias.alert_rules.scope_name is 'Which one: a tenant''s slug, kind:name of a connection, a lane; null: all.';
comment on column aias.alert_rules.tells is 'Who is told: operators, tenant (whom it is about), or both.';
comment on column aias.alert_rules.channels is 'By which channels; null: by every one that takes the severity.';
comment on column aias.alert_rules.renotify_every is 'How often those who were told are told again while it is open; null: never.';
comment on column aias.alert_rules.group_every is
'Its alerts that open or end one after the other are told together, no more often than this.';
comment on column aias.alert_rules.inhibited_by is 'Rules that keep it from opening while they are open for the same tenant.';
comment on column aias.alert_rules.is_enabled is 'Whether it is evaluated.';
comment on column aias.alert_rules.is_shipped is 'Whether it comes with AIAS: it can be changed and switched off, not removed.';
comment on column aias.alert_rules.updated_at is 'When it was last changed.';
comment on column aias.alert_rules.open_count is 'How many of its alerts are open, of those that the reader may see.';
