-- aias.notifications: what was told to whom, by which channel, and how that went.
-- requires: aias_private.nil_uuid
create or replace view aias.notifications
with (security_barrier)
as
select
    nullif(d.tenant_id, aias_private.nil_uuid()) as tenant_id,
    t.slug as tenant,
    d.id,
    d.notice_id,
    c.name as channel,
    c.kind as channel_kind,
    n.kind,
    n.severity,
    n.title,
    n.body,
    n.details,
    d.status,
    d.attempt_count,
    d.doubt_count,
    d.next_at,
    d.last_error,
    n.created_at,
    case when d.status = 'delivered' then d.finished_at end as delivered_at,
    case when d.status in ('failed', 'discarded') then d.finished_at end as given_up_at,
    d.read_at,
    d.read_by
from aias_private.notice_deliveries as d
inner join aias_private.notices as n on d.tenant_id = n.tenant_id and d.notice_id = n.id
inner join aias_private.channels as c on d.tenant_id = c.tenant_id and d.channel_id = c.id
left join aias_private.tenants as t on d.tenant_id = t.id
where
    (select aias_private.caller_sees_all())
    or d.tenant_id = (select aias_private.caller_tenant());
grant select on aias.notifications to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.notifications is
'What was told to tenants and operators, one row per notice and channel, with how the delivery went. Fresh.';
comment on column aias.notifications.tenant_id is 'The tenant that was told; null for the operators.';
comment on column aias.notifications.tenant is 'The tenant''s slug; null for the operators.';
comment on column aias.notifications.id is 'The delivery''s id (UUIDv7); Message-ID and webhook-id are made of it.';
comment on column aias.notifications.notice_id is 'The notice: the same in every channel that took it.';
comment on column aias.notifications.channel is 'The channel''s name.';
comment on column aias.notifications.channel_kind is 'email, slack, webhook or dashboard.';
comment on column aias.notifications.kind is 'What it is about: alert, alert_resolved, test, ...';
comment on column aias.notifications.severity is 'info, warning or critical.';
comment on column aias.notifications.title is 'What it says, in a line.';
comment on column aias.notifications.body is 'What it says, as plain text.';
comment on column aias.notifications.details is 'What it is about, as a JSON object.';
comment on column aias.notifications.status is
'pending; sending: somebody is at it; delivered; failed: given up; discarded: its channel was switched off.';
comment on column aias.notifications.attempt_count is 'How often it was sent.';
comment on column aias.notifications.doubt_count is
'How often nobody knew whether it had arrived: a notice is then sent again under the same id, a mail to a person is given up.';
comment on column aias.notifications.next_at is 'When it is sent again; null when it is not.';
comment on column aias.notifications.last_error is 'What was wrong at the last attempt; of a delivered mail, who was refused.';
comment on column aias.notifications.created_at is 'When there was something to tell.';
comment on column aias.notifications.delivered_at is 'When it had arrived; null before.';
comment on column aias.notifications.given_up_at is 'When it was given up or discarded.';
comment on column aias.notifications.read_at is 'When somebody marked it read (dashboard).';
comment on column aias.notifications.read_by is 'Who did.';
