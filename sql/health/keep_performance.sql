-- aias_private.keep_performance: keep the figures of the last whole week.
--
-- Caller    aias_private.check_performance, weekly.
-- Promise   the percentiles of every metric, the twenty statements that took most time in the last day, and the sizes of the tables with all
--           their partitions and indexes, once per week: kept again they are replaced. Gives the week's Monday.
-- requires: aias.percentiles
-- requires: aias.slow_queries
create or replace function aias_private.keep_performance()
returns date
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ends constant timestamptz := date_trunc('week', aias_private.now(), 'UTC');
    v_begins constant timestamptz := v_ends - interval '7 days';
    v_week constant date := (v_begins at time zone 'UTC')::date;
begin
    insert into aias_private.performance_weeks as w (
        week, kind, name, observation_count, p50_seconds, p95_seconds, p99_seconds, size_bytes
    )
    select
        v_week, 'metric', m.metric, p.count, p.p50, p.p95, p.p99, null
    from (values ('requests'), ('upstream_calls'), ('executions'), ('steps'), ('queue_wait'), ('statements')) as m(metric)
    cross join lateral aias.percentiles(m.metric, v_begins, v_ends) as p
    union all
    (
        select
            v_week, 'statement', left(q.statement, 200), max(q.call_count),
            max(q.p50_ms) / 1000, max(q.p95_ms) / 1000, max(q.p99_ms) / 1000, null::bigint
        from aias.slow_queries as q
        where q.call_count is not null
        group by left(q.statement, 200)
        order by max(q.total_seconds) desc nulls last
        limit 20
    )
    union all
    select
        v_week, 'table', c.relname::text, null, null, null, null,
        (select sum(pg_total_relation_size(p.relid))::bigint from pg_catalog.pg_partition_tree(c.oid) as p)
    from pg_catalog.pg_class as c
    where c.relnamespace = 'aias_private'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    on conflict (week, kind, name) do update
    set
        observation_count = excluded.observation_count,
        p50_seconds = excluded.p50_seconds,
        p95_seconds = excluded.p95_seconds,
        p99_seconds = excluded.p99_seconds,
        size_bytes = excluded.size_bytes;
    return v_week;
end;
$$;
revoke execute on function aias_private.keep_performance() from public;
comment on function aias_private.keep_performance() is
'Keeps the percentiles, the slowest statements and the sizes of tables of the last whole week; returns its Monday.';
