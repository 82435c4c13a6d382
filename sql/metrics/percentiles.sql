-- aias.percentiles: how often something happened in a window and how long it took, from the rollups.
--
-- Promise   the window, its cost and who sees what: as aias_private.metric_window. Percentiles are within 1 % of percentile_cont over
--           the single durations, in seconds. Statements of the database belong to no tenant. The most observed first.
-- Errors    JR422 as aias_private.metric_window.
-- requires: aias_private.histogram_between
-- requires: aias_private.metric_window
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
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    with observed as materialized (
        select w.key, w.observation_count, w.buckets, w.counts
        from aias_private.metric_window(p_metric, p_from, p_to, p_by) as w
    ),

    summed as (
        select o.key, u.bucket, sum(u.n)::bigint as n
        from observed as o
        cross join lateral unnest(o.buckets, o.counts) as u(bucket, n)
        group by o.key, u.bucket
    ),

    running as (
        select
            s.key,
            s.bucket,
            sum(s.n) over (partition by s.key order by s.bucket) as up_to,
            sum(s.n) over (partition by s.key) - 1 as last
        from summed as s
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
    ),

    counted as (
        select o.key, sum(o.observation_count)::bigint as count
        from observed as o
        group by o.key
    )

    select
        e.key,
        c.count,
        aias_private.histogram_between(e.low_50, e.high_50, 0.50 * e.last) as p50,
        aias_private.histogram_between(e.low_95, e.high_95, 0.95 * e.last) as p95,
        aias_private.histogram_between(e.low_99, e.high_99, 0.99 * e.last) as p99
    from ends as e
    inner join counted as c on e.key = c.key
    order by c.count desc, e.key
$$;
revoke execute on function aias.percentiles(text, timestamptz, timestamptz, text) from public;
grant execute on function aias.percentiles(text, timestamptz, timestamptz, text)
to aias_app, aias_worker, aias_analyst, aias_admin;
comment on function aias.percentiles(text, timestamptz, timestamptz, text) is
'How often something happened in a window and how long it took (50th, 95th, 99th percentile in seconds, within 1 %), by endpoint, integration, workflow, tenant, plan and more.';
