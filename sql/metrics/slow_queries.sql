-- aias.slow_queries: the statements that the database spends its time on.
--
-- Cost      the hours of a day, and pg_stat_statements where it is there.
-- requires: aias.percentiles
-- requires: aias.error_rates
-- requires: aias_private.database_statements
create or replace view aias.slow_queries
with (security_barrier)
as
with seen as (
    select
        p.key as statement,
        p.count as call_count,
        r.failure_count as error_count,
        r.mean_seconds * p.count as total_seconds,
        r.mean_seconds * 1000 as mean_ms,
        p.p50 * 1000 as p50_ms,
        p.p95 * 1000 as p95_ms,
        p.p99 * 1000 as p99_ms
    from aias.percentiles('statements', aias_private.now() - interval '24 hours', null, 'statement') as p
    inner join aias.error_rates('statements', aias_private.now() - interval '24 hours', null, 'statement') as r
        on p.key = r.key
)

select
    coalesce(s.statement, d.statement) as statement,
    s.call_count,
    s.error_count,
    s.total_seconds,
    s.mean_ms,
    s.p50_ms,
    s.p95_ms,
    s.p99_ms,
    d.call_count as database_call_count,
    d.total_ms / 1000 as database_total_seconds,
    d.total_ms / nullif(d.call_count, 0) as database_mean_ms,
    d.max_ms as database_max_ms,
    d.row_count as database_row_count,
    d.block_hit_rate
from seen as s
full join aias_private.database_statements() as d on s.statement = d.statement
where (select aias_private.caller_sees_all())
order by greatest(s.total_seconds, 0) desc nulls last, d.total_ms desc nulls last;
grant select on aias.slow_queries to aias_worker, aias_analyst, aias_admin;
comment on view aias.slow_queries is
'The statements of the database, those that took most in the last 24 hours first: as their callers saw them, and as pg_stat_statements counts them where it is installed. For operators. Fresh to a few seconds.';
comment on column aias.slow_queries.statement is
'The statement: the first function, view or table of ours in it; else its first word.';
comment on column aias.slow_queries.call_count is 'How many times it was run in the last 24 hours; null when by no process of ours.';
comment on column aias.slow_queries.error_count is 'How many times of these it ended with an error.';
comment on column aias.slow_queries.total_seconds is 'How long these took together, in seconds, the way to the database included.';
comment on column aias.slow_queries.mean_ms is 'How long they took on average, in milliseconds.';
comment on column aias.slow_queries.p50_ms is 'Half of them took at most so long, in milliseconds; within 1 %.';
comment on column aias.slow_queries.p95_ms is '95 of 100 took at most so long, in milliseconds; within 1 %.';
comment on column aias.slow_queries.p99_ms is '99 of 100 took at most so long, in milliseconds; within 1 %.';
comment on column aias.slow_queries.database_call_count is
'How many times it was run since pg_stat_statements was last reset; null where that is not installed.';
comment on column aias.slow_queries.database_total_seconds is 'How long the database itself worked on these, in seconds.';
comment on column aias.slow_queries.database_mean_ms is 'How long the database itself worked on one, on average, in milliseconds.';
comment on column aias.slow_queries.database_max_ms is 'How long the database itself worked on the slowest, in milliseconds.';
comment on column aias.slow_queries.database_row_count is 'How many rows they gave or changed.';
comment on column aias.slow_queries.block_hit_rate is 'The part of the blocks that were read from shared buffers, from 0 to 1.';
