-- aias.onboarding_progress: each mail of each person, and how far it is.
-- requires: aias_private.nil_uuid
create or replace view aias.onboarding_progress
with (security_barrier)
as
select
    m.tenant_id,
    t.slug as tenant,
    m.user_id,
    u.email,
    m.id,
    m.sequence,
    m.step,
    case
        when m.state = 'skipped' then m.state
        when d.status = 'delivered' then 'sent'
        when d.status in ('failed', 'discarded') and d.doubt_count > 0 then 'in_doubt'
        when d.status in ('failed', 'discarded') then 'failed'
        when d.status = 'pending' and d.attempt_count > 0 then 'retrying'
        else m.state
    end as state,
    m.skip_reason,
    m.due_at,
    m.queued_at,
    case
        when d.status = 'delivered' then d.finished_at
        when m.state = 'sent' then m.finished_at
    end as sent_at,
    coalesce(d.attempt_count, 0) as attempt_count,
    d.next_at,
    d.last_error,
    d.id as notification_id,
    f.consented_at is not null as is_counted,
    m.opened_at,
    m.open_count,
    m.clicked_at,
    m.click_count,
    f.unsubscribed_at,
    coalesce(u.time_zone, t.time_zone, 'UTC') as time_zone,
    coalesce(u.language, t.language, 'en') as language
from aias_private.onboarding_mails as m
inner join aias_private.users as u on m.tenant_id = u.tenant_id and m.user_id = u.id
inner join aias_private.tenants as t on m.tenant_id = t.id
left join aias_private.mail_preferences as f on m.tenant_id = f.tenant_id and m.user_id = f.user_id
left join aias_private.notice_deliveries as d
    on d.tenant_id = aias_private.nil_uuid() and m.notice_id = d.notice_id
where
    (select aias_private.caller_sees_all())
    or m.tenant_id = (select aias_private.caller_tenant());
grant select on aias.onboarding_progress to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.onboarding_progress is
'The onboarding mails of each person: planned, sent, skipped and why, opened and clicked where the person lets that be counted. Fresh.';
comment on column aias.onboarding_progress.tenant_id is 'The person''s tenant.';
comment on column aias.onboarding_progress.tenant is 'The tenant''s slug.';
comment on column aias.onboarding_progress.user_id is 'The person (aias.users.id).';
comment on column aias.onboarding_progress.email is 'The address that mails go to now.';
comment on column aias.onboarding_progress.id is 'The mail''s id (UUIDv7): it was planned then.';
comment on column aias.onboarding_progress.sequence is 'The sequence: welcome, trial, ...';
comment on column aias.onboarding_progress.step is 'The step of the sequence; once ever per person.';
comment on column aias.onboarding_progress.state is
'planned; queued: in the outbox; retrying: not delivered yet, tried again; sent: a mail server has it; failed: given up; '
'in_doubt: a send began and nobody knows how it ended, so it is not repeated; skipped.';
comment on column aias.onboarding_progress.skip_reason is
'goal_met, unsubscribed, trial_ended, switched_off or too_late (the system was down for a week); null unless skipped.';
comment on column aias.onboarding_progress.due_at is 'When it is due, a morning where the person lives.';
comment on column aias.onboarding_progress.queued_at is 'When it was put into the outbox; null before.';
comment on column aias.onboarding_progress.sent_at is 'When a mail server had taken it; null before.';
comment on column aias.onboarding_progress.attempt_count is 'How often it was handed to a mail server; 0 once the outbox has forgotten it.';
comment on column aias.onboarding_progress.next_at is 'When it is tried again; null where it is not.';
comment on column aias.onboarding_progress.last_error is 'What was wrong at the last attempt.';
comment on column aias.onboarding_progress.notification_id is
'The delivery in the outbox (aias.notifications.id), by which a failed one is sent again.';
comment on column aias.onboarding_progress.is_counted is 'Whether the person consented that opens and clicks are counted.';
comment on column aias.onboarding_progress.opened_at is 'When it was first opened; null where that is not known.';
comment on column aias.onboarding_progress.open_count is 'How often it was opened; 0 where that is not counted.';
comment on column aias.onboarding_progress.clicked_at is 'When a link in it was first followed; null where that is not known.';
comment on column aias.onboarding_progress.click_count is 'How often a link in it was followed; 0 where that is not counted.';
comment on column aias.onboarding_progress.unsubscribed_at is 'When the person unsubscribed from all mails; null while subscribed.';
comment on column aias.onboarding_progress.time_zone is 'Where the person lives: the person''s zone, else the tenant''s, else UTC.';
comment on column aias.onboarding_progress.language is 'What the person reads: the person''s language, else the tenant''s, else en.';
