-- aias.percentiles: how long something took, from the rollups.
--
-- Promise   over [p_from, p_to), both taken to the minute (p_from down, p_to up); without them the last hour up to now. Percentiles are
--           within 1 % of percentile_cont over the single durations, in seconds. A confined caller's own tenant's only; statements of the
--           database belong to no tenant. The most observed first.
-- Cost      follows the rows of the rollups: whole days (UTC) are read as days, whole hours beside them as hours, the rest as
--           minutes. How many observations a row stands for does not matter.
-- Plan      the indexes (metric, at) of the rollups, whose partitions are excluded by the ids' range.
-- Errors    JR422 there is no such metric, it is not told apart by that, or the window ends before it begins.
-- requires: aias_private.histogram_between
-- requires: aias_private.metric_dimensions
-- requires: aias_private.nil_uuid
create or replace function aias.percentiles(
    p_metric text,
    p_from timestamptz default null,
    p_to timestamptz default null,
    p_by text default null
)
returns table (
    key text,
    count bigint,
    p50 double precision,
    p95 double precision,
    p99 double precision
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_now constant timestamptz := aias_private.now();
    v_to constant timestamptz := date_bin(
        '1 minute', coalesce(p_to, v_now) + interval '59.999999 seconds', timestamptz '2000-01-01 00:00:00+00'
    );
    v_from constant timestamptz := date_trunc('minute', coalesce(p_from, v_to - interval '1 hour'));
    -- the whole hours of the window, and its whole days
    v_first_hour timestamptz := date_trunc('hour', v_from + interval '59 minutes 59 seconds', 'UTC');
    v_end_hour timestamptz := date_trunc('hour', v_to, 'UTC');
    v_first_day timestamptz := date_trunc('day', v_from + interval '23 hours 59 minutes 59 seconds', 'UTC');
    v_end_day timestamptz := date_trunc('day', v_to, 'UTC');
    v_sees_all constant boolean := aias_private.caller_sees_all();
    v_tenant constant uuid := aias_private.caller_tenant();
begin
    if not exists (select from aias_private.metric_dimensions() as m where m.metric = p_metric) or p_metric is null then
        raise exception 'there is no metric %', coalesce(quote_literal(left(p_metric, 60)), 'null')
            using errcode = 'JR422', column = 'p_metric';
    end if;
    if p_by is not null and not exists (
        select from aias_private.metric_dimensions() as m where m.metric = p_metric and m.dimension = p_by
    ) then
        raise exception '% is told apart by %, not by %',
            p_metric,
            (select string_agg(m.dimension, ', ' order by m.place)
                from aias_private.metric_dimensions() as m where m.metric = p_metric),
            quote_literal(left(p_by, 60))
            using errcode = 'JR422', column = 'p_by';
    end if;
    if v_from >= v_to then
        raise exception 'the window ends (%) before it begins (%)', v_to, v_from using errcode = 'JR422', column = 'p_to';
    end if;
    if v_first_hour >= v_end_hour then
        v_first_hour := v_to;
        v_end_hour := v_to;
    end if;
    if v_first_day >= v_end_day then
        v_first_day := v_end_hour;
        v_end_day := v_end_hour;
    end if;
    return query
    with rows as (
        select d.tenant_id, d.key, d.detail, d.plan, d.observation_count, d.buckets, d.counts
        from aias_private.metric_days as d
        where
            d.metric = p_metric
            and d.at >= v_first_day
            and d.at < v_end_day
            and d.id >= aias_private.uuid7_floor(v_first_day)
            and d.id < aias_private.uuid7_floor(v_end_day)
        union all
        select h.tenant_id, h.key, h.detail, h.plan, h.observation_count, h.buckets, h.counts
        from aias_private.metric_hours as h
        where
            h.metric = p_metric
            and h.at >= v_first_hour
            and h.at < v_end_hour
            and (h.at < v_first_day or h.at >= v_end_day)
            and h.id >= aias_private.uuid7_floor(v_first_hour)
            and h.id < aias_private.uuid7_floor(v_end_hour)
        union all
        select m.tenant_id, m.key, m.detail, m.plan, m.observation_count, m.buckets, m.counts
        from aias_private.metric_minutes as m
        where
            m.metric = p_metric
            and m.at >= v_from
            and m.at < least(v_first_hour, v_to)
            and m.id >= aias_private.uuid7_floor(v_from)
            and m.id < aias_private.uuid7_floor(least(v_first_hour, v_to))
        union all
        select m.tenant_id, m.key, m.detail, m.plan, m.observation_count, m.buckets, m.counts
        from aias_private.metric_minutes as m
        where
            m.metric = p_metric
            and m.at >= v_end_hour
            and m.at < v_to
            and m.id >= aias_private.uuid7_floor(v_end_hour)
            and m.id < aias_private.uuid7_floor(v_to)
        union all
        select w.tenant_id, w.key, w.detail, w.plan, w.observation_count, w.buckets, w.counts
        from aias_private.metric_deltas as w
        where w.metric = p_metric and w.at >= v_from and w.at < v_to
    ),

    named as materialized (
        select
            r.observation_count,
            r.buckets,
            r.counts,
            case p_by
                when 'tenant' then coalesce(t.slug, '')
                when 'plan' then r.plan
                when 'operation' then r.key || ' ' || r.detail
                when 'workflow' then case p_metric when 'steps' then r.detail else r.key end
                else case when p_by is not null then r.key else '' end
            end as key
        from rows as r
        left join aias_private.tenants as t on p_by = 'tenant' and r.tenant_id = t.id
        where v_sees_all or r.tenant_id = v_tenant
    ),

    running as (
        select
            b.key,
            b.bucket,
            sum(b.n) over (partition by b.key order by b.bucket) as up_to,
            sum(b.n) over (partition by b.key) - 1 as last
        from (
            select n.key, u.bucket, sum(u.n)::bigint as n
            from named as n
            cross join lateral unnest(n.buckets, n.counts) as u(bucket, n)
            group by n.key, u.bucket
        ) as b
    ),

    ends as (
        select
            r.key,
            max(r.last) as last,
            min(r.bucket) filter (where r.up_to > floor(0.50 * r.last)) as low_50,
            min(r.bucket) filter (where r.up_to > ceil(0.50 * r.last)) as high_50,
            min(r.bucket) filter (where r.up_to > floor(0.95 * r.last)) as low_95,
            min(r.bucket) filter (where r.up_to > ceil(0.95 * r.last)) as high_95,
            min(r.bucket) filter (where r.up_to > floor(0.99 * r.last)) as low_99,
            min(r.bucket) filter (where r.up_to > ceil(0.99 * r.last)) as high_99
        from running as r
        group by r.key
    )

    select
        e.key,
        c.count,
        aias_private.histogram_between(e.low_50, e.high_50, 0.50 * e.last),
        aias_private.histogram_between(e.low_95, e.high_95, 0.95 * e.last),
        aias_private.histogram_between(e.low_99, e.high_99, 0.99 * e.last)
    from ends as e
    inner join (
        select n.key, sum(n.observation_count)::bigint as count from named as n group by n.key
    ) as c on e.key = c.key
    order by c.count desc, e.key;
end;
$$;
revoke execute on function aias.percentiles(text, timestamptz, timestamptz, text) from public;
grant execute on function aias.percentiles(text, timestamptz, timestamptz, text)
to aias_app, aias_worker, aias_analyst, aias_admin;
comment on function aias.percentiles(text, timestamptz, timestamptz, text) is
'How often something happened in a window and how long it took (50th, 95th, 99th percentile in seconds, within 1 %), by endpoint, integration, workflow, tenant, plan and more.';
