-- aias_private.check_counters: counts that do not agree with what they were counted from.
--
-- Caller    aias_private.look_at_health, for the check counters.
-- Promise   yesterday's (UTC) metrics per hour and per day are those per minute; the totals are no
--           less than all days; no fewer executions were counted, by metrics and by days, and no
--           fewer events, than are there; this month's usage is the sum of its days. More may be counted than is there: what was erased
--           since. A day that is not counted up to its end yet is left out, and so are samples.
-- Cost      a day's executions and events, by their ids, and all days of metrics.
-- requires: aias.telemetry_daily
create or replace function aias_private.check_counters()
returns table (
    object text,
    problem text
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    with day as materialized (
        select
            d.begins,
            d.begins + interval '1 day' as ends,
            (d.begins at time zone 'UTC')::date as day,
            date_trunc('month', aias_private.now() at time zone 'UTC')::date as month
        from (select date_trunc('day', aias_private.now(), 'UTC') - interval '1 day' as begins) as d
    ),

    minutes as (
        select m.metric, sum(m.observation_count) as n
        from day
        inner join aias_private.metric_minutes as m
            on m.at >= day.begins and m.at < day.ends
            and m.id >= aias_private.uuid7_floor(day.begins) and m.id < aias_private.uuid7_floor(day.ends)
        group by m.metric
    ),

    hours as (
        select m.metric, sum(m.observation_count) as n
        from day
        inner join aias_private.metric_hours as m
            on m.at >= day.begins and m.at < day.ends
            and m.id >= aias_private.uuid7_floor(day.begins) and m.id < aias_private.uuid7_floor(day.ends)
        group by m.metric
    ),

    days as (
        select m.metric, sum(m.observation_count) as n
        from day
        inner join aias_private.metric_days as m
            on m.at >= day.begins and m.at < day.ends
            and m.id >= aias_private.uuid7_floor(day.begins) and m.id < aias_private.uuid7_floor(day.ends)
        group by m.metric
    )

    select
        'metric ' || coalesce(m.metric, h.metric, d.metric),
        format('%s per minute, %s per hour, %s per day', coalesce(m.n, 0), coalesce(h.n, 0), coalesce(d.n, 0))
    from minutes as m
    full join hours as h on h.metric = m.metric
    full join days as d on d.metric = coalesce(m.metric, h.metric)
    where coalesce(m.n, 0) <> coalesce(h.n, 0) or coalesce(m.n, 0) <> coalesce(d.n, 0)
    union all
    select 'metric_totals ' || d.metric, format('%s are counted, %s by their days', coalesce(t.n, 0), d.n)
    from (
        select m.metric, sum(m.observation_count) as n
        from aias_private.metric_days as m
        group by m.metric
    ) as d
    left join (
        select k.metric, sum(k.observation_count) as n
        from aias_private.metric_totals as k
        group by k.metric
    ) as t on t.metric = d.metric
    where coalesce(t.n, 0) < d.n
    union all
    select 'metric executions', format('%s are counted, %s have ended', c.counted, c.ended)
    from day
    cross join lateral (
        select
            coalesce((select m.n from minutes as m where m.metric = 'executions'), 0) as counted,
            (
                select count(*)
                from aias_private.executions as e
                where
                    e.finished_at >= day.begins
                    and e.finished_at < day.ends
                    and e.started_at is not null
                    and not exists (
                        select from aias_private.workflows as w
                        where w.tenant_id = e.tenant_id and w.id = e.workflow_id and w.is_sample
                    )
            ) as ended
    ) as c
    where
        c.counted < c.ended
        and exists (
            select from aias_private.metric_sources as s
            where s.name = 'executions' and s.counted_until >= day.ends + interval '5 minutes'
        )
    union all
    select
        'execution_days ' || coalesce(t.slug, s.tenant_id::text),
        format('%s are counted, %s have begun', coalesce(c.counted, 0), s.begun)
    from (
        select e.tenant_id, count(*) as begun
        from day
        inner join aias_private.executions as e
            on e.created_at >= day.begins and e.created_at < day.ends
            and e.id >= aias_private.uuid7_floor(day.begins - interval '1 minute')
            and e.id < aias_private.uuid7_floor(day.ends + interval '1 minute')
        where
            exists (
                select from aias_private.refreshes as r where r.kind = 'rollup' and r.settled_until >= day.ends
            )
            and not exists (
                select from aias_private.workflows as w
                where w.tenant_id = e.tenant_id and w.id = e.workflow_id and w.is_sample
            )
        group by e.tenant_id
    ) as s
    left join (
        select d.tenant_id, sum(d.started_count) as counted
        from day
        inner join aias_private.execution_days as d on d.day = day.day
        group by d.tenant_id
    ) as c on c.tenant_id = s.tenant_id
    left join aias_private.tenants as t on t.id = s.tenant_id
    where coalesce(c.counted, 0) < s.begun
    union all
    select
        format('usage %s %s', coalesce(t.slug, u.tenant_id::text), u.measure),
        format('%s are charged, %s were counted', u.used_count, coalesce(s.used_count, 0))
    from day
    inner join aias_private.usage_months as u on u.month = day.month
    cross join lateral (
        select
            case u.measure
                when 'executions' then sum(d.started_count)
                else sum(d.step_count)
            end as used_count
        from aias_private.execution_days as d
        where d.tenant_id = u.tenant_id and d.day >= day.month and d.day < day.month + interval '1 month'
    ) as s
    left join aias_private.tenants as t on t.id = u.tenant_id
    where u.measure in ('executions', 'steps') and u.used_count <> coalesce(s.used_count, 0)
    union all
    select
        format('telemetry_daily %s %s', coalesce(t.slug, s.tenant_id::text), s.name),
        format('%s are counted, %s are there', coalesce(c.event_count, 0), s.event_count)
    from day
    cross join lateral (
        select v.tenant_id, v.name, count(*) as event_count
        from aias_private.telemetry_events as v
        where
            v.id >= aias_private.uuid7_floor(day.begins)
            and v.occurred_at >= day.begins
            and v.occurred_at < day.ends
        group by v.tenant_id, v.name
    ) as s
    left join aias.telemetry_daily as c on c.tenant_id = s.tenant_id and c.day = day.day and c.name = s.name
    left join aias_private.tenants as t on t.id = s.tenant_id
    where coalesce(c.event_count, 0) < s.event_count
$$;
revoke execute on function aias_private.check_counters() from public;
comment on function aias_private.check_counters() is
'Counts of metrics, usage and telemetry that do not agree with what they were counted from.';
