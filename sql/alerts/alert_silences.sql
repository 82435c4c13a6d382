-- aias.alert_silences: what people do not want to be told of.
-- requires: aias_private.nil_uuid
create or replace view aias.alert_silences
with (security_barrier)
as
select
    nullif(s.tenant_id, aias_private.nil_uuid()) as tenant_id,
    t.slug as tenant,
    s.id,
    s.rule,
    s.key,
    s.until,
    s.reason,
    s.ended_at is null and s.until > aias_private.now() as is_active,
    s.created_by,
    s.created_at,
    s.ended_at,
    s.ended_by
from aias_private.alert_silences as s
left join aias_private.tenants as t on s.tenant_id = t.id
where
    (select aias_private.caller_sees_all())
    or s.tenant_id = (select aias_private.caller_tenant());
grant select on aias.alert_silences to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.alert_silences is 'What tenants and operators do not want to be told of, and for how long. Fresh.';
comment on column aias.alert_silences.tenant_id is 'The tenant that is not told; null for the operators.';
comment on column aias.alert_silences.tenant is 'The tenant''s slug; null for the operators.';
comment on column aias.alert_silences.id is 'The silence''s id (UUIDv7).';
comment on column aias.alert_silences.rule is 'The rule that is not told of; null: any.';
comment on column aias.alert_silences.key is 'The key that is not told of; null: any.';
comment on column aias.alert_silences.until is 'When it ends.';
comment on column aias.alert_silences.reason is 'Why.';
comment on column aias.alert_silences.is_active is 'Whether it goes on.';
comment on column aias.alert_silences.created_by is 'Who wanted it.';
comment on column aias.alert_silences.created_at is 'Since when.';
comment on column aias.alert_silences.ended_at is 'When somebody ended it before its time; null when nobody did.';
comment on column aias.alert_silences.ended_by is 'Who did.';
