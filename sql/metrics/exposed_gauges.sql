-- aias_private.exposed_gauges: what is, at this moment, for Prometheus.
--
-- Cost      the queue's counts, the registered workers.
-- requires: aias.queue_health
-- requires: aias.workers
create or replace function aias_private.exposed_gauges()
returns table (
    name text,
    help text,
    label text,
    value_of_label text,
    value double precision
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with queues as materialized (
        select q.queue_name, q.waiting_count, q.scheduled_count, q.running_count, q.oldest_wait
        from aias.queue_health as q
    )

    select 'aias_jobs_waiting', 'Jobs that are ready and wait for a worker.', 'queue', q.queue_name, q.waiting_count
    from queues as q
    union all
    select 'aias_jobs_scheduled', 'Jobs whose time has not come.', 'queue', q.queue_name, q.scheduled_count
    from queues as q
    union all
    select 'aias_jobs_running', 'Jobs that a worker runs.', 'queue', q.queue_name, q.running_count
    from queues as q
    union all
    select
        'aias_oldest_wait_seconds',
        'How long the job has waited that waits longest.',
        'queue',
        q.queue_name,
        coalesce(extract(epoch from q.oldest_wait), 0)
    from queues as q
    union all
    select 'aias_workers', 'Registered workers.', 'status', w.status, count(*)
    from aias.workers as w
    group by w.status
    union all
    select
        'aias_metrics_age_seconds',
        'How long ago the metrics were last rolled up.',
        '',
        '',
        extract(epoch from aias_private.now() - s.counted_at)
    from aias_private.metric_sources as s
    where s.counted_at is not null
$$;
revoke execute on function aias_private.exposed_gauges() from public;
comment on function aias_private.exposed_gauges() is 'Queues, workers and the age of the metrics, for Prometheus.';
