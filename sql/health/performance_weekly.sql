-- aias.performance_weekly: percentiles, the slowest statements and the growth of tables, week by week.
create or replace view aias.performance_weekly
with (security_barrier)
as
select
    w.week,
    w.kind,
    w.name,
    w.observation_count,
    w.p50_seconds * 1000 as p50_ms,
    w.p95_seconds * 1000 as p95_ms,
    w.p99_seconds * 1000 as p99_ms,
    w.size_bytes,
    w.size_bytes - lag(w.size_bytes) over (partition by w.kind, w.name order by w.week) as growth_bytes
from aias_private.performance_weeks as w
where (select aias_private.caller_sees_all());
grant select on aias.performance_weekly to aias_worker, aias_analyst, aias_admin;
comment on view aias.performance_weekly is
'How fast everything was and how large tables were, week by week, kept for good. For operators. At most 8 days behind.';
comment on column aias.performance_weekly.week is 'The week''s Monday (UTC).';
comment on column aias.performance_weekly.kind is 'metric, statement (of the database) or table.';
comment on column aias.performance_weekly.name is 'Which one.';
comment on column aias.performance_weekly.observation_count is
'How many observations: of the week for a metric, of its last day for a statement; null for a table.';
comment on column aias.performance_weekly.p50_ms is 'Half of them took at most so long, in milliseconds.';
comment on column aias.performance_weekly.p95_ms is '95 of 100 took at most so long, in milliseconds.';
comment on column aias.performance_weekly.p99_ms is '99 of 100 took at most so long, in milliseconds.';
comment on column aias.performance_weekly.size_bytes is
'What the table held on disk when the week was over, with partitions and indexes, in bytes.';
comment on column aias.performance_weekly.growth_bytes is 'By how much that is more than the week before, in bytes.';
