-- aias_private.add_to_rollups: add observations to the rows of their minutes, hours and days, and to the totals.
--
-- Caller    roll_up_observations and count_finished, one at a time (a lock of theirs): rows are read and written in two steps. Counts may
--           be negative: what was counted and is not so any more.
-- Promise   each row holds what it held and the observations; rows that hold nothing any more are gone. The totals only grow.
-- Cost      follows the observations that are given: each row that they touch is written once, whatever is stored beside it.
-- Locks     the rows by key.
-- Plan      the primary keys; guarded by tests/metrics/test_plans.py.
-- requires: aias_private.metric_id
create or replace function aias_private.add_to_rollups(p_deltas aias_private.metric_deltas[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tier record;
begin
    for v_tier in
        select t.relation, t.period
        from (
            values ('metric_minutes', 'minute'), ('metric_hours', 'hour'), ('metric_days', 'day')
        ) as t(relation, period)
    loop
        execute format(
            $add$
            with deltas as materialized (
                select
                    d.*,
                    p.at as period,
                    aias_private.metric_id(p.at, d.metric, d.key, d.detail, d.plan) as id
                from unnest($1) as d
                cross join lateral (select date_trunc($2, d.at, 'UTC') as at) as p
            ),

            touched as materialized (
                select
                    d.tenant_id,
                    d.id,
                    d.period,
                    d.metric,
                    d.key,
                    d.detail,
                    d.plan,
                    sum(d.observation_count) as observation_count,
                    sum(d.failure_count) as failure_count,
                    sum(d.refusal_count) as refusal_count,
                    sum(d.total_seconds) as total_seconds
                from deltas as d
                group by d.tenant_id, d.id, d.period, d.metric, d.key, d.detail, d.plan
            ),

            parts as (
                select d.tenant_id, d.id, u.bucket, u.n
                from deltas as d
                cross join lateral unnest(d.buckets, d.counts) as u(bucket, n)
                union all
                select k.tenant_id, k.id, u.bucket, u.n
                from touched as t
                inner join aias_private.%1$I as k on k.tenant_id = t.tenant_id and k.id = t.id
                cross join lateral unnest(k.buckets, k.counts) as u(bucket, n)
            ),

            summed as (
                select p.tenant_id, p.id, p.bucket, least(sum(p.n), 2147483647)::integer as n
                from parts as p
                group by p.tenant_id, p.id, p.bucket
                having sum(p.n) > 0
            ),

            merged as (
                select
                    s.tenant_id,
                    s.id,
                    array_agg(s.bucket order by s.bucket) as buckets,
                    array_agg(s.n order by s.bucket) as counts
                from summed as s
                group by s.tenant_id, s.id
            )

            insert into aias_private.%1$I as k (
                tenant_id, id, at, metric, key, detail, plan,
                observation_count, failure_count, refusal_count, total_seconds, buckets, counts
            )
            select
                t.tenant_id, t.id, t.period, t.metric, t.key, t.detail, t.plan,
                t.observation_count, t.failure_count, t.refusal_count, t.total_seconds,
                coalesce(m.buckets, '{}'), coalesce(m.counts, '{}')
            from touched as t
            left join merged as m on m.tenant_id = t.tenant_id and m.id = t.id
            order by t.tenant_id, t.id
            on conflict (tenant_id, id) do update
            set
                observation_count = k.observation_count + excluded.observation_count,
                failure_count = k.failure_count + excluded.failure_count,
                refusal_count = k.refusal_count + excluded.refusal_count,
                total_seconds = k.total_seconds + excluded.total_seconds,
                buckets = excluded.buckets,
                counts = excluded.counts
            $add$,
            v_tier.relation
        )
        using p_deltas, v_tier.period;
        if exists (select from unnest(p_deltas) as d where d.observation_count < 0) then
            execute format(
                $tidy$
                delete from aias_private.%I as k
                using (
                    select distinct d.tenant_id, d.metric, date_trunc($2, d.at, 'UTC') as at from unnest($1) as d
                ) as t
                where k.tenant_id = t.tenant_id and k.metric = t.metric and k.at = t.at and k.observation_count = 0
                $tidy$,
                v_tier.relation
            )
            using p_deltas, v_tier.period;
        end if;
    end loop;
    -- a counter that falls counts as begun anew for those who read it: the totals only grow
    with parts as (
        select d.metric, d.key, u.bucket, greatest(sum(u.n), 0) as n
        from unnest(p_deltas) as d
        cross join lateral unnest(d.buckets, d.counts) as u(bucket, n)
        group by d.metric, d.key, u.bucket
        union all
        select k.metric, k.key, u.bucket, u.n
        from aias_private.metric_totals as k
        cross join lateral unnest(k.buckets, k.counts) as u(bucket, n)
        where (k.metric, k.key) in (select d.metric, d.key from unnest(p_deltas) as d)
    ),

    summed as (
        select p.metric, p.key, p.bucket, sum(p.n) as n
        from parts as p
        group by p.metric, p.key, p.bucket
        having sum(p.n) > 0
    ),

    merged as (
        select
            s.metric,
            s.key,
            array_agg(s.bucket order by s.bucket) as buckets,
            array_agg(s.n order by s.bucket) as counts
        from summed as s
        group by s.metric, s.key
    )

    insert into aias_private.metric_totals as k (
        metric, key, observation_count, failure_count, refusal_count, total_seconds, buckets, counts
    )
    select
        d.metric,
        d.key,
        greatest(sum(d.observation_count), 0),
        greatest(sum(d.failure_count), 0),
        greatest(sum(d.refusal_count), 0),
        greatest(sum(d.total_seconds), 0),
        coalesce(min(m.buckets), '{}'),
        coalesce(min(m.counts), '{}')
    from unnest(p_deltas) as d
    left join merged as m on d.metric = m.metric and d.key = m.key
    group by d.metric, d.key
    order by d.metric, d.key
    on conflict (metric, key) do update
    set
        observation_count = k.observation_count + excluded.observation_count,
        failure_count = k.failure_count + excluded.failure_count,
        refusal_count = k.refusal_count + excluded.refusal_count,
        total_seconds = k.total_seconds + excluded.total_seconds,
        buckets = excluded.buckets,
        counts = excluded.counts;
end;
$$;
revoke execute on function aias_private.add_to_rollups(aias_private.metric_deltas[]) from public;
comment on function aias_private.add_to_rollups(aias_private.metric_deltas[]) is
'Adds observations to the rollups of their minutes, hours and days and to the totals.';
