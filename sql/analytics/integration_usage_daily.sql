-- aias.integration_usage_daily: how much the connections are used, per day.
create or replace view aias.integration_usage_daily
with (security_barrier)
as
select
    d.day,
    d.tenant_id,
    t.slug as tenant,
    t.plan,
    d.kind,
    nullif(d.connection, '') as connection,
    sum(d.call_count)::bigint as call_count,
    sum(d.failure_count)::bigint as failure_count,
    sum(d.failure_count)::double precision / nullif(sum(d.call_count), 0)::double precision as failure_ratio,
    sum(d.total_ms) / nullif(sum(d.call_count), 0)::double precision as mean_ms,
    max(d.max_ms) as max_ms
from aias_private.integration_days as d
inner join aias_private.tenants as t on d.tenant_id = t.id
where
    (select aias_private.caller_sees_all())
    or d.tenant_id = (select aias_private.caller_tenant())
group by d.day, d.tenant_id, t.slug, t.plan, d.kind, d.connection;
grant select on aias.integration_usage_daily to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.integration_usage_daily is
'Calls of upstreams per day (UTC), tenant and connection. Fresh to the minute: as of aias.freshness, activity.';
comment on column aias.integration_usage_daily.day is 'The day (UTC).';
comment on column aias.integration_usage_daily.tenant_id is 'The tenant for which the calls were made.';
comment on column aias.integration_usage_daily.tenant is 'The tenant''s slug.';
comment on column aias.integration_usage_daily.plan is 'The tenant''s plan as it is now.';
comment on column aias.integration_usage_daily.kind is 'What was called: shopify, wave, slack, email or http.';
comment on column aias.integration_usage_daily.connection is 'The connection''s name; null for addresses of the steps'' own.';
comment on column aias.integration_usage_daily.call_count is 'Calls, repeated ones included.';
comment on column aias.integration_usage_daily.failure_count is 'Calls that count as failures of the upstream.';
comment on column aias.integration_usage_daily.failure_ratio is 'Their ratio to all calls, from 0 to 1; null without calls.';
comment on column aias.integration_usage_daily.mean_ms is 'How long a call took on average, in milliseconds.';
comment on column aias.integration_usage_daily.max_ms is 'How long the slowest call took, in milliseconds.';
