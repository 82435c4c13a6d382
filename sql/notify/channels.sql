-- aias.channels: where tenants and operators are told.
-- requires: aias_private.nil_uuid
create or replace view aias.channels
with (security_barrier)
as
select
    nullif(c.tenant_id, aias_private.nil_uuid()) as tenant_id,
    t.slug as tenant,
    c.id,
    c.name,
    c.kind,
    c.config,
    c.min_severity,
    c.kinds,
    c.is_enabled,
    c.failing_since,
    c.last_error,
    (
        select count(*)
        from aias_private.notice_deliveries as d
        where d.tenant_id = c.tenant_id and d.channel_id = c.id and d.status in ('pending', 'sending')
    ) as waiting_count,
    c.created_at,
    c.updated_at
from aias_private.channels as c
left join aias_private.tenants as t on c.tenant_id = t.id
where
    (select aias_private.caller_sees_all())
    or c.tenant_id = (select aias_private.caller_tenant());
grant select on aias.channels to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.channels is
'Where tenants and operators are told of alerts: by mail, in Slack, by a webhook, on the page; without secrets. Fresh.';
comment on column aias.channels.tenant_id is 'The tenant that it belongs to; null for the operators''.';
comment on column aias.channels.tenant is 'The tenant''s slug; null for the operators''.';
comment on column aias.channels.id is 'The channel''s id (UUIDv7).';
comment on column aias.channels.name is 'Its name, unique per tenant.';
comment on column aias.channels.kind is 'email, slack, webhook or dashboard.';
comment on column aias.channels.config is 'Where it goes, as a JSON object without secrets.';
comment on column aias.channels.min_severity is 'The least severity that it takes: info, warning or critical.';
comment on column aias.channels.kinds is 'Which kinds of notice it takes (alert, ...); null: all.';
comment on column aias.channels.is_enabled is 'Whether it takes anything.';
comment on column aias.channels.failing_since is 'The first failure since something last got through; null while it works.';
comment on column aias.channels.last_error is 'What was wrong at the last failure; null while it works.';
comment on column aias.channels.waiting_count is 'How many notices wait to be sent by it.';
comment on column aias.channels.created_at is 'When it was made.';
comment on column aias.channels.updated_at is 'When it was last changed by somebody.';
