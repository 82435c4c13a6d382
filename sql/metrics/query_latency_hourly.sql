-- aias.query_latency_hourly: how long our statements took, per hour.
--
-- Cost      a plain view over rows that grow with each roll-up: nothing is refreshed. Asked for a time, it reads its hours by index.
-- requires: aias_private.histogram_percentiles
create or replace view aias.query_latency_hourly
with (security_barrier)
as
select
    h.at as hour,
    h.key as statement,
    h.observation_count as call_count,
    h.failure_count as error_count,
    round(h.failure_count / nullif(h.observation_count, 0)::numeric, 6) as error_rate,
    h.total_seconds / nullif(h.observation_count, 0) * 1000 as mean_ms,
    p.p50 * 1000 as p50_ms,
    p.p95 * 1000 as p95_ms,
    p.p99 * 1000 as p99_ms,
    h.total_seconds
from aias_private.metric_hours as h
cross join lateral aias_private.histogram_percentiles(h.buckets, h.counts) as p
where
    h.metric = 'statements'
    and (select aias_private.caller_sees_all());
grant select on aias.query_latency_hourly to aias_worker, aias_analyst, aias_admin;
comment on view aias.query_latency_hourly is
'How long statements of the database took as its callers saw them, per hour; for operators. At most a minute behind.';
comment on column aias.query_latency_hourly.hour is 'The hour: its first moment, UTC; the current hour still grows.';
comment on column aias.query_latency_hourly.statement is
'The statement: the first function, view or table of ours in it; else its first word.';
comment on column aias.query_latency_hourly.call_count is 'How many times it was run.';
comment on column aias.query_latency_hourly.error_count is 'How many times it ended with an error.';
comment on column aias.query_latency_hourly.error_rate is 'The part of them that failed, from 0 to 1.';
comment on column aias.query_latency_hourly.mean_ms is 'How long they took on average, in milliseconds.';
comment on column aias.query_latency_hourly.p50_ms is
'Half of them took at most so long, in milliseconds; within 1 %.';
comment on column aias.query_latency_hourly.p95_ms is '95 of 100 took at most so long, in milliseconds; within 1 %.';
comment on column aias.query_latency_hourly.p99_ms is '99 of 100 took at most so long, in milliseconds; within 1 %.';
comment on column aias.query_latency_hourly.total_seconds is 'How long they took together, in seconds.';
