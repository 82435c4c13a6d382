-- aias_private.histogram_percentiles: the 50th, 95th and 99th percentile of a histogram, in seconds.
--
-- Promise   within 1 % of percentile_cont over the durations themselves (from a microsecond up): both interpolate between the two
--           observations next to the rank, and each of them is known within 1 %. No row with an empty histogram. As its owner: what it
--           calls lies in a schema that readers of the views may not use.
-- requires: aias_private.histogram_between
create or replace function aias_private.histogram_percentiles(
    p_buckets smallint[],
    p_counts integer[]
)
returns table (
    p50 double precision,
    p95 double precision,
    p99 double precision
)
language sql
immutable
parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
    with running as (
        select
            u.bucket,
            sum(u.n) over (order by u.bucket) as up_to,
            sum(u.n) over () - 1 as last
        from unnest(p_buckets, p_counts) as u(bucket, n)
    ),

    ends as (
        select
            max(r.last) as last,
            min(r.bucket) filter (where r.up_to > floor(0.50 * r.last)) as low_50,
            min(r.bucket) filter (where r.up_to > ceil(0.50 * r.last)) as high_50,
            min(r.bucket) filter (where r.up_to > floor(0.95 * r.last)) as low_95,
            min(r.bucket) filter (where r.up_to > ceil(0.95 * r.last)) as high_95,
            min(r.bucket) filter (where r.up_to > floor(0.99 * r.last)) as low_99,
            min(r.bucket) filter (where r.up_to > ceil(0.99 * r.last)) as high_99
        from running as r
    )

    select
        aias_private.histogram_between(e.low_50, e.high_50, 0.50 * e.last) as p50,
        aias_private.histogram_between(e.low_95, e.high_95, 0.95 * e.last) as p95,
        aias_private.histogram_between(e.low_99, e.high_99, 0.99 * e.last) as p99
    from ends as e
    where e.last is not null
$$;
revoke execute on function aias_private.histogram_percentiles(smallint[], integer[]) from public;
-- the views call it on behalf of whoever reads them
grant execute on function aias_private.histogram_percentiles(smallint[], integer[])
to aias_app, aias_worker, aias_analyst, aias_admin;
comment on function aias_private.histogram_percentiles(smallint[], integer[]) is
'The 50th, 95th and 99th percentile of a histogram, in seconds.';
