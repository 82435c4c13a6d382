-- aias.telemetry_daily: how often what was done, by day.
--
-- Plan      days that are summed up, and what came since: at most a minute's counts.
create or replace view aias.telemetry_daily
with (security_barrier)
as
select
    c.tenant_id,
    t.slug as tenant,
    c.day,
    c.name,
    sum(c.event_count)::bigint as event_count,
    min(c.first_at) as first_at,
    max(c.last_at) as last_at
from (
    select
        d.tenant_id,
        d.day,
        d.name,
        d.event_count,
        d.first_at,
        d.last_at
    from aias_private.telemetry_days as d
    union all
    select
        n.tenant_id,
        n.day,
        n.name,
        n.event_count,
        n.first_at,
        n.last_at
    from aias_private.telemetry_tallies as n
) as c
inner join aias_private.tenants as t on c.tenant_id = t.id
where
    (select aias_private.caller_sees_all())
    or c.tenant_id = (select aias_private.caller_tenant())
group by c.tenant_id, t.slug, c.day, c.name;
grant select on aias.telemetry_daily to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.telemetry_daily is
'Events per tenant, day (UTC) and name. Fresh; kept when the events themselves are dropped.';
comment on column aias.telemetry_daily.tenant_id is 'The tenant whose users they are.';
comment on column aias.telemetry_daily.tenant is 'The tenant''s slug.';
comment on column aias.telemetry_daily.day is 'The day (UTC) on which it was done, by the sender.';
comment on column aias.telemetry_daily.name is 'What was done.';
comment on column aias.telemetry_daily.event_count is 'How many events.';
comment on column aias.telemetry_daily.first_at is 'When it was done first on that day.';
comment on column aias.telemetry_daily.last_at is 'When it was done last on that day.';
