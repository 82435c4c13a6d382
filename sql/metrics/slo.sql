-- aias.slo: what is promised, and what is kept.
--
-- Cost      six reads of the rollups of requests.
-- requires: aias.cache_stats
-- requires: aias.error_rates
-- requires: aias.percentiles
create or replace view aias.slo
with (security_barrier)
as
with periods as (
    select
        p.period,
        aias_private.now() - p.length as since
    from (
        values
        ('hour', interval '1 hour'),
        ('day', interval '24 hours'),
        ('month', interval '30 days')
    ) as p (period, length)
),

measured as (
    select
        p.period,
        o.objective,
        o.unit,
        o.comparison,
        o.target,
        o.actual,
        r.count as observation_count
    from periods as p
    left join lateral aias.error_rates('requests', p.since) as r on true
    left join lateral aias.percentiles('requests', p.since) as t on true
    cross join
        lateral (
            values
            ('api_error_rate', 'share', '<', 0.01, r.error_rate),
            ('api_p95', 'ms', '<', 500, (t.p95 * 1000)::numeric),
            ('api_p99', 'ms', '<', 1000, (t.p99 * 1000)::numeric)
        ) as o (objective, unit, comparison, target, actual)
    union all
    select
        'ever' as period,
        'cache_hit_rate' as objective,
        'share' as unit,
        '>' as comparison,
        0.8 as target,
        sum(c.memory_hit_count + c.hit_count)
        / nullif(sum(c.memory_hit_count + c.hit_count + c.miss_count), 0) as actual,
        sum(c.memory_hit_count + c.hit_count + c.miss_count)::bigint as observation_count
    from aias.cache_stats as c
    where (select aias_private.caller_sees_all())
    having (select aias_private.caller_sees_all())
)

select
    m.objective,
    m.period,
    m.comparison,
    m.target,
    round(m.actual, 6) as actual,
    m.unit,
    coalesce(m.observation_count, 0) as observation_count,
    case m.comparison when '<' then m.actual < m.target else m.actual > m.target end as is_met
from measured as m;
grant select on aias.slo to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.slo is
'What is promised and what is kept: of a tenant''s own requests, or of all of them. Fresh to a few seconds.';
comment on column aias.slo.objective is
'api_error_rate (requests that fail on our side), api_p95 and api_p99 (how long requests take), cache_hit_rate (for operators).';
comment on column aias.slo.period is 'Over which time up to now: hour, day (24 hours), month (30 days); ever: since the cache was last emptied by a crash.';
comment on column aias.slo.comparison is 'Whether it is to stay below (<) or above (>) the target.';
comment on column aias.slo.target is 'The target, in the unit.';
comment on column aias.slo.actual is 'What it is, in the unit; null when nothing was observed.';
comment on column aias.slo.unit is 'ms: milliseconds; share: a part of all, from 0 to 1.';
comment on column aias.slo.observation_count is 'How many requests (or uses of the cache) that says something about.';
comment on column aias.slo.is_met is 'Whether it is kept; null when nothing was observed.';
