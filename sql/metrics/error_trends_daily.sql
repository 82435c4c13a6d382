-- aias.error_trends_daily: how much failed, per day, and against the week before.
--
-- Cost      a plain view over rows that grow with each roll-up: nothing is refreshed.
-- requires: aias_private.metric_rates
create or replace view aias.error_trends_daily
with (security_barrier)
as
with days as (
    select
        h.at as day,
        h.metric,
        d.dimension,
        d.key,
        sum(h.observation_count)::bigint as observation_count,
        sum(h.failure_count)::bigint as failure_count
    from aias_private.metric_days as h
    left join aias_private.tenants as t on h.tenant_id = t.id
    cross join lateral aias_private.metric_rates(h.metric, h.key, h.detail, h.plan, t.slug) as d
    where
        h.metric in ('requests', 'upstream_calls', 'executions', 'steps')
        and (
            (select aias_private.caller_sees_all())
            or h.tenant_id = (select aias_private.caller_tenant())
        )
    group by h.at, h.metric, d.dimension, d.key
),

beside as (
    select
        y.day,
        y.metric,
        y.dimension,
        y.key,
        y.observation_count,
        y.failure_count,
        round(y.failure_count / nullif(y.observation_count, 0)::numeric, 6) as error_rate,
        round(
            sum(y.failure_count) over week_before / nullif(sum(y.observation_count) over week_before, 0), 6
        ) as error_rate_week_before
    from days as y
    window week_before as (
        partition by y.metric, y.dimension, y.key
        order by y.day
        range between interval '7 days' preceding and interval '1 day' preceding
    )
)

select
    b.day,
    b.metric,
    b.dimension,
    b.key,
    b.observation_count,
    b.failure_count,
    b.error_rate,
    b.error_rate_week_before,
    b.error_rate - b.error_rate_week_before as change
from beside as b;
grant select on aias.error_trends_daily to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.error_trends_daily is
'How much of what happened failed, per day, beside the seven days before: requests, upstream calls, executions and steps. Read one dimension at a time: each counts everything again. At most a minute behind.';
comment on column aias.error_trends_daily.day is 'The day: its first moment, UTC; the current day still grows.';
comment on column aias.error_trends_daily.metric is 'What happened: requests, upstream_calls, executions or steps.';
comment on column aias.error_trends_daily.dimension is
'What it is told apart by: all (not at all), endpoint, integration, workflow, action, plan or tenant.';
comment on column aias.error_trends_daily.key is 'Which endpoint, integration, workflow, action, plan or tenant (its slug); empty for all.';
comment on column aias.error_trends_daily.observation_count is 'How often it happened that day.';
comment on column aias.error_trends_daily.failure_count is 'How many of them failed.';
comment on column aias.error_trends_daily.error_rate is 'The part of them that failed, from 0 to 1.';
comment on column aias.error_trends_daily.error_rate_week_before is
'The part that failed in the seven days before, from 0 to 1; null when nothing happened in them.';
comment on column aias.error_trends_daily.change is 'The day''s error rate less that of the seven days before: above 0 it got worse.';
