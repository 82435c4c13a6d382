-- aias.upstream_latency_hourly: how long calls of upstreams took, per hour, tenant and operation.
--
-- Cost      a plain view over rows that grow with each roll-up: nothing is refreshed. Asked for a time, it reads its hours by index.
-- requires: aias_private.histogram_percentiles
create or replace view aias.upstream_latency_hourly
with (security_barrier)
as
select
    h.at as hour,
    nullif(h.tenant_id, '00000000-0000-0000-0000-000000000000') as tenant_id,
    t.slug as tenant,
    h.plan,
    h.key as integration,
    h.detail as operation,
    h.observation_count as call_count,
    h.failure_count as error_count,
    h.refusal_count,
    round(h.failure_count / nullif(h.observation_count, 0)::numeric, 6) as error_rate,
    h.total_seconds / nullif(h.observation_count, 0) * 1000 as mean_ms,
    p.p50 * 1000 as p50_ms,
    p.p95 * 1000 as p95_ms,
    p.p99 * 1000 as p99_ms,
    h.total_seconds
from aias_private.metric_hours as h
left join aias_private.tenants as t on h.tenant_id = t.id
cross join lateral aias_private.histogram_percentiles(h.buckets, h.counts) as p
where
    h.metric = 'upstream_calls'
    and (
        (select aias_private.caller_sees_all())
        or h.tenant_id = (select aias_private.caller_tenant())
    );
grant select on aias.upstream_latency_hourly to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.upstream_latency_hourly is
'How long calls of upstreams took, per hour, tenant, plan, integration and operation. At most a minute behind.';
comment on column aias.upstream_latency_hourly.hour is
'The hour: its first moment, UTC; the current hour still grows.';
comment on column aias.upstream_latency_hourly.tenant_id is 'The tenant; null for what belongs to none.';
comment on column aias.upstream_latency_hourly.tenant is 'The tenant''s slug.';
comment on column aias.upstream_latency_hourly.plan is
'The plan that the tenant was on then; empty for what belongs to none.';
comment on column aias.upstream_latency_hourly.integration is
'What was called: the kind of the connection (shopify, wave, ...), http for addresses of the steps'' own.';
comment on column aias.upstream_latency_hourly.operation is
'What was called: a GraphQL operation, or an HTTP method.';
comment on column aias.upstream_latency_hourly.call_count is 'How many calls were made.';
comment on column aias.upstream_latency_hourly.error_count is
'How many of them count as failures of the upstream (5xx, no answer, an unreadable one).';
comment on column aias.upstream_latency_hourly.refusal_count is 'How many of them were refused: throttled, or 4xx.';
comment on column aias.upstream_latency_hourly.error_rate is 'The part of them that failed, from 0 to 1.';
comment on column aias.upstream_latency_hourly.mean_ms is 'How long they took on average, in milliseconds.';
comment on column aias.upstream_latency_hourly.p50_ms is
'Half of them took at most so long, in milliseconds; within 1 %.';
comment on column aias.upstream_latency_hourly.p95_ms is
'95 of 100 took at most so long, in milliseconds; within 1 %.';
comment on column aias.upstream_latency_hourly.p99_ms is
'99 of 100 took at most so long, in milliseconds; within 1 %.';
comment on column aias.upstream_latency_hourly.total_seconds is 'How long they took together, in seconds.';
