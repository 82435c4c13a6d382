-- aias_private.exposed_totals: the counters for Prometheus: all observations ever, per metric and key.
--
-- Promise   the 500 most observed keys of each metric; executions under one key, since workflows are tenants' to name. No tenant's data.
-- Cost      the rows of metric_totals.
create or replace function aias_private.exposed_totals()
returns table (
    metric text,
    key text,
    observation_count bigint,
    failure_count bigint,
    refusal_count bigint,
    total_seconds double precision,
    buckets smallint[],
    counts bigint[]
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with named as materialized (
        select
            t.metric,
            case t.metric when 'executions' then '' else t.key end as key,
            t.observation_count,
            t.failure_count,
            t.refusal_count,
            t.total_seconds,
            t.buckets,
            t.counts
        from aias_private.metric_totals as t
    ),

    summed as (
        select
            n.metric,
            n.key,
            sum(n.observation_count)::bigint as observation_count,
            sum(n.failure_count)::bigint as failure_count,
            sum(n.refusal_count)::bigint as refusal_count,
            sum(n.total_seconds) as total_seconds,
            row_number() over (partition by n.metric order by sum(n.observation_count) desc, n.key) as place
        from named as n
        group by n.metric, n.key
    ),

    histograms as (
        select
            b.metric,
            b.key,
            array_agg(b.bucket order by b.bucket) as buckets,
            array_agg(b.n order by b.bucket) as counts
        from (
            select n.metric, n.key, u.bucket, sum(u.n)::bigint as n
            from named as n
            cross join lateral unnest(n.buckets, n.counts) as u(bucket, n)
            group by n.metric, n.key, u.bucket
        ) as b
        group by b.metric, b.key
    )

    select
        s.metric, s.key, s.observation_count, s.failure_count, s.refusal_count, s.total_seconds, h.buckets, h.counts
    from summed as s
    inner join histograms as h on s.metric = h.metric and s.key = h.key
    where s.place <= 500
    order by s.metric, s.key
$$;
revoke execute on function aias_private.exposed_totals() from public;
comment on function aias_private.exposed_totals() is 'All observations ever, per metric and key: the counters for Prometheus.';
