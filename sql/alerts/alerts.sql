-- aias.alerts: what is wrong, and was.
-- requires: aias_private.nil_uuid
create or replace view aias.alerts
with (security_barrier)
as
select
    nullif(a.tenant_id, aias_private.nil_uuid()) as tenant_id,
    t.slug as tenant,
    a.id,
    a.rule,
    a.key,
    a.severity,
    a.status,
    a.title,
    a.value,
    a.details,
    a.occurrence_count,
    a.opened_at,
    a.last_seen_at,
    a.acknowledged_at,
    a.acknowledged_by,
    a.acknowledged_note,
    a.resolved_at,
    a.resolved_by,
    s.until as silenced_until,
    s.reason as silenced_reason,
    w.told_at,
    coalesce(w.told_count, 0) as told_count
from aias_private.alerts as a
left join aias_private.tenants as t on a.tenant_id = t.id
left join lateral (
    select
        i.until,
        i.reason
    from aias_private.alert_silences as i
    where
        i.tenant_id in (a.tenant_id, aias_private.nil_uuid())
        and (
            (select aias_private.caller_sees_all())
            or i.tenant_id = (select aias_private.caller_tenant())
        )
        and i.ended_at is null
        and i.until > aias_private.now()
        and (i.rule is null or i.rule = a.rule)
        and (i.key is null or i.key = a.key)
    order by i.until desc
    limit 1
) as s on true
left join lateral (
    select
        max(k.told_at) as told_at,
        sum(k.told_count) as told_count
    from aias_private.alert_tellings as k
    where k.tenant_id = a.tenant_id and k.alert_id = a.id
) as w on true
where
    (select aias_private.caller_sees_all())
    or a.tenant_id = (select aias_private.caller_tenant());
grant select on aias.alerts to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.alerts is
'What is wrong, and was: one row per rule, tenant and key from its beginning to its end. Fresh to the minute: rules are evaluated once in each.';
comment on column aias.alerts.tenant_id is 'The tenant that it is about; null for none in particular.';
comment on column aias.alerts.tenant is 'The tenant''s slug.';
comment on column aias.alerts.id is 'The alert''s id (UUIDv7).';
comment on column aias.alerts.rule is 'The rule that opened it.';
comment on column aias.alerts.key is 'What it is about: a connection, a lane, a workflow, ...; empty for the tenant as a whole.';
comment on column aias.alerts.severity is 'info, warning or critical.';
comment on column aias.alerts.status is 'open; acknowledged: somebody is at it, nobody is told again; resolved.';
comment on column aias.alerts.title is 'What is wrong, in a line.';
comment on column aias.alerts.value is 'What the rule''s source gave last while it held, in its unit; null for what was raised by the system.';
comment on column aias.alerts.details is 'More about it, as a JSON object.';
comment on column aias.alerts.occurrence_count is 'How often it was found or raised since it opened: once a minute for what a rule looks at.';
comment on column aias.alerts.opened_at is 'When it opened.';
comment on column aias.alerts.last_seen_at is 'When it was last found or raised.';
comment on column aias.alerts.acknowledged_at is 'When somebody took it on.';
comment on column aias.alerts.acknowledged_by is 'Who did.';
comment on column aias.alerts.acknowledged_note is 'What they said.';
comment on column aias.alerts.resolved_at is 'When it was over.';
comment on column aias.alerts.resolved_by is 'aias when it ended by itself; else who closed it.';
comment on column aias.alerts.silenced_until is 'Until when nobody is told of it; null when it is not silenced.';
comment on column aias.alerts.silenced_reason is 'Why it is silenced.';
comment on column aias.alerts.told_at is 'When somebody was last told of it.';
comment on column aias.alerts.told_count is 'How often somebody was told of it: operators and tenant counted each.';
