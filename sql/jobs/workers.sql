-- aias.workers: who works.
create or replace view aias.workers as
select
    w.id,
    a.name,
    a.host,
    a.pid,
    a.queues,
    a.concurrency,
    a.version,
    case
        when w.last_heartbeat + coalesce(a.stalled_after, interval '30 seconds') < pg_catalog.now() then 'dead'
        else coalesce(a.status, 'running')
    end as status,
    a.running_count,
    a.started_at,
    w.last_heartbeat as heartbeat_at,
    w.last_heartbeat + coalesce(a.stalled_after, interval '30 seconds') as lease_until
from public.procrastinate_workers as w
left join aias_private.workers as a on w.id = a.id;
grant select on aias.workers to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.workers is 'The workers that are registered now. Fresh; what they say of themselves is as old as their heartbeat.';
comment on column aias.workers.id is 'The worker''s id: a new one at each start, and when it comes back after it was given up.';
comment on column aias.workers.name is 'The name it was given (procrastinate worker --name).';
comment on column aias.workers.host is 'The machine it runs on; null for a worker of another program.';
comment on column aias.workers.pid is 'Its process id there.';
comment on column aias.workers.queues is 'The queues it works on; null is all.';
comment on column aias.workers.concurrency is 'How many jobs it runs at a time.';
comment on column aias.workers.version is 'The version of AIAS that it runs.';
comment on column aias.workers.status is
'running, draining (it ends what it has and takes no more) or dead (its lease has ended; the next sweep takes its jobs).';
comment on column aias.workers.running_count is 'How many jobs it ran at its last heartbeat.';
comment on column aias.workers.started_at is 'When it registered.';
comment on column aias.workers.heartbeat_at is 'When it was last heard of.';
comment on column aias.workers.lease_until is 'When others take over its jobs unless it is heard of before.';
