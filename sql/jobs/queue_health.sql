-- aias.queue_health: one row per lane: what waits, how long, and who works on it.
create or replace view aias.queue_health as
with counted as (
    select
        p.queue_name::text as queue_name,
        count(*) filter (
            where p.status = 'todo' and (p.scheduled_at is null or p.scheduled_at <= aias_private.now())
        ) as waiting_count,
        count(*) filter (where p.status = 'todo' and p.scheduled_at > aias_private.now()) as scheduled_count,
        count(*) filter (where p.status = 'doing') as running_count,
        count(*) filter (where p.status = 'failed') as failed_count,
        min(greatest(p.scheduled_at, p.created_at)) filter (
            where p.status = 'todo' and (p.scheduled_at is null or p.scheduled_at <= aias_private.now())
        ) as oldest_ready_at
    from public.procrastinate_jobs as p
    group by p.queue_name
)

select
    coalesce(l.name, j.queue_name) as lane,
    coalesce(l.queue_name, j.queue_name) as queue_name,
    coalesce(j.waiting_count, 0) as waiting_count,
    coalesce(j.scheduled_count, 0) as scheduled_count,
    coalesce(j.running_count, 0) as running_count,
    coalesce(j.failed_count, 0) as failed_count,
    aias_private.now() - j.oldest_ready_at as oldest_wait,
    (
        select count(*)
        from public.procrastinate_workers as w
        left join aias_private.workers as a on w.id = a.id
        where
            w.last_heartbeat + coalesce(a.stalled_after, interval '30 seconds') > pg_catalog.now()
            and coalesce(a.status, 'running') = 'running'
            and (a.queues is null or coalesce(l.queue_name, j.queue_name) = any(a.queues))
    ) as worker_count
from aias_private.lanes as l
full join counted as j on l.queue_name = j.queue_name;
grant select on aias.queue_health to aias_worker, aias_analyst, aias_admin;
comment on view aias.queue_health is
'The lanes, and queues without a lane that hold jobs: what waits and who works on it. Fresh; counts the whole queue.';
comment on column aias.queue_health.lane is 'The lane; the queue''s name when no lane has that queue.';
comment on column aias.queue_health.queue_name is 'The queue, as workers name it.';
comment on column aias.queue_health.waiting_count is 'Jobs that could run now.';
comment on column aias.queue_health.scheduled_count is 'Jobs whose time has not come: schedules and retries.';
comment on column aias.queue_health.running_count is 'Jobs that a worker runs.';
comment on column aias.queue_health.failed_count is 'Jobs that failed for good and are still listed.';
comment on column aias.queue_health.oldest_wait is 'How long the oldest of the waiting ones has been ready; null when none is.';
comment on column aias.queue_health.worker_count is 'Living workers that take jobs from it.';
