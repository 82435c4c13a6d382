-- aias.error_rates_hourly: how much failed, per hour, by endpoint, integration, workflow, action, plan and tenant.
--
-- Cost      a plain view over rows that grow with each roll-up: nothing is refreshed. Asked for a time, it reads its hours by index.
-- requires: aias_private.metric_rates
create or replace view aias.error_rates_hourly
with (security_barrier)
as
select
    h.at as hour,
    h.metric,
    d.dimension,
    d.key,
    sum(h.observation_count)::bigint as observation_count,
    sum(h.failure_count)::bigint as failure_count,
    sum(h.refusal_count)::bigint as refusal_count,
    round(sum(h.failure_count) / nullif(sum(h.observation_count), 0), 6) as error_rate
from aias_private.metric_hours as h
left join aias_private.tenants as t on h.tenant_id = t.id
cross join lateral aias_private.metric_rates(h.metric, h.key, h.detail, h.plan, t.slug) as d
where
    h.metric in ('requests', 'upstream_calls', 'executions', 'steps')
    and (
        (select aias_private.caller_sees_all())
        or h.tenant_id = (select aias_private.caller_tenant())
    )
group by h.at, h.metric, d.dimension, d.key;
grant select on aias.error_rates_hourly to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.error_rates_hourly is
'How much of what happened failed, per hour: requests, upstream calls, executions and steps, told apart in several ways. Read one dimension at a time: each counts everything again. At most a minute behind.';
comment on column aias.error_rates_hourly.hour is 'The hour: its first moment, UTC; the current hour still grows.';
comment on column aias.error_rates_hourly.metric is 'What happened: requests, upstream_calls, executions or steps.';
comment on column aias.error_rates_hourly.dimension is
'What it is told apart by: all (not at all), endpoint, integration, workflow, action, plan or tenant.';
comment on column aias.error_rates_hourly.key is 'Which endpoint, integration, workflow, action, plan or tenant (its slug); empty for all.';
comment on column aias.error_rates_hourly.observation_count is 'How often it happened.';
comment on column aias.error_rates_hourly.failure_count is 'How many of them failed: 5xx, an upstream''s failure, a failed execution or step.';
comment on column aias.error_rates_hourly.refusal_count is 'How many of them were turned away: 4xx, throttled, cancelled; no failures.';
comment on column aias.error_rates_hourly.error_rate is 'The part of them that failed, from 0 to 1.';
