-- aias_private.check_performance: what took longer last week than in the week before.
--
-- Caller    aias_private.look_at_health, for the check performance.
-- Promise   afterwards the figures of the last whole week are kept. From 100 observations in either week on, and from 10 ms.
-- requires: aias_private.keep_performance
create or replace function aias_private.check_performance()
returns table (
    object text,
    problem text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_week constant date := aias_private.keep_performance();
begin
    return query
    select
        l.name,
        format('p95 was %s ms, %s ms the week before', round(l.p95_seconds * 1000), round(b.p95_seconds * 1000))
    from aias_private.performance_weeks as l
    inner join aias_private.performance_weeks as b on b.week = v_week - 7 and b.kind = l.kind and b.name = l.name
    where
        l.week = v_week
        and l.kind = 'metric'
        and l.p95_seconds > 2 * b.p95_seconds
        and l.p95_seconds > 0.01
        and least(l.observation_count, b.observation_count) >= 100
    order by l.name;
end;
$$;
revoke execute on function aias_private.check_performance() from public;
comment on function aias_private.check_performance() is
'Keeps last week''s figures, and gives what took more than twice as long as in the week before.';
