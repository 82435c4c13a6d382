-- aias.telemetry_intake_daily: what came of the events that were sent, by day.
create or replace view aias.telemetry_intake_daily
with (security_barrier)
as
select
    c.tenant_id,
    t.slug as tenant,
    c.day,
    sum(c.accepted_count)::bigint as accepted_count,
    sum(c.duplicate_count)::bigint as duplicate_count,
    sum(c.rejected_count)::bigint as rejected_count,
    sum(c.limited_count)::bigint as limited_count,
    sum(c.shed_count)::bigint as shed_count
from (
    select
        d.tenant_id,
        d.day,
        d.accepted_count,
        d.duplicate_count,
        d.rejected_count,
        d.limited_count,
        d.shed_count
    from aias_private.telemetry_outcome_days as d
    union all
    select
        n.tenant_id,
        n.day,
        n.accepted_count,
        n.duplicate_count,
        n.rejected_count,
        n.limited_count,
        n.shed_count
    from aias_private.telemetry_outcomes as n
) as c
inner join aias_private.tenants as t on c.tenant_id = t.id
where
    (select aias_private.caller_sees_all())
    or c.tenant_id = (select aias_private.caller_tenant())
group by c.tenant_id, t.slug, c.day;
grant select on aias.telemetry_intake_daily to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.telemetry_intake_daily is
'What came of the events that were sent, per tenant and day (UTC) of their arrival. Fresh; what the HTTP server refuses shows within 10 seconds.';
comment on column aias.telemetry_intake_daily.tenant_id is 'The tenant that sent them.';
comment on column aias.telemetry_intake_daily.tenant is 'The tenant''s slug.';
comment on column aias.telemetry_intake_daily.day is 'The day (UTC) of their arrival.';
comment on column aias.telemetry_intake_daily.accepted_count is 'Events that were stored.';
comment on column aias.telemetry_intake_daily.duplicate_count is 'Events whose id had come within 7 days.';
comment on column aias.telemetry_intake_daily.rejected_count is 'Events that were malformed.';
comment on column aias.telemetry_intake_daily.limited_count is 'Events in calls that were over the plan''s rate (429).';
comment on column aias.telemetry_intake_daily.shed_count is
'Events in calls that were sent away because the server or the database had too much to do (503).';
