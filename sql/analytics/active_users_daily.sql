-- aias.active_users_daily: how many people work with AIAS.
create or replace view aias.active_users_daily
with (security_barrier)
as
select
    d.day,
    d.tenant_id,
    t.slug as tenant,
    t.plan,
    d.daily_count,
    d.weekly_count,
    d.monthly_count
from aias_private.active_user_days as d
inner join aias_private.tenants as t on d.tenant_id = t.id
where
    (select aias_private.caller_sees_all())
    or d.tenant_id = (select aias_private.caller_tenant());
grant select on aias.active_users_daily to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.active_users_daily is
'People who did something, per day (UTC) and tenant: actors of kind user in the audit log. A day without any has no row. Fresh to the minute: as of aias.freshness, activity.';
comment on column aias.active_users_daily.day is 'The day (UTC).';
comment on column aias.active_users_daily.tenant_id is 'The tenant whose people they are.';
comment on column aias.active_users_daily.tenant is 'The tenant''s slug.';
comment on column aias.active_users_daily.plan is 'The tenant''s plan as it is now.';
comment on column aias.active_users_daily.daily_count is 'Different people active on the day.';
comment on column aias.active_users_daily.weekly_count is 'Different people active on the day or the 6 days before.';
comment on column aias.active_users_daily.monthly_count is 'Different people active on the day or the 29 days before.';
