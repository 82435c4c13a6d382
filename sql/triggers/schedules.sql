-- aias.schedules: what runs by the clock, the system's own tasks included.
--
-- Plan      the last tick of each schedule is one row of its primary key; failures are counted up to 1,000.
-- requires: aias_private.nil_uuid
create or replace view aias.schedules
with (security_barrier)
as
select
    nullif(s.tenant_id, aias_private.nil_uuid()) as tenant_id,
    t.slug as tenant,
    s.id,
    s.name,
    s.kind,
    w.name as workflow,
    s.task,
    s.cron,
    s.time_zone,
    s.input,
    s.overlap,
    s.catch_up,
    s.catch_up_limit,
    s.jitter,
    s.max_attempts,
    s.retry_delay,
    s.starts_at,
    s.ends_at,
    case
        when s.is_paused then 'paused'
        when s.problem is not null then 'broken'
        when s.next_at = 'infinity' then 'ended'
        else 'active'
    end as status,
    coalesce(s.pause_reason, s.problem) as status_reason,
    nullif(s.next_at, 'infinity') as next_at,
    l.due_at as last_due_at,
    l.status as last_outcome,
    l.started_at as last_started_at,
    l.finished_at as last_finished_at,
    l.finished_at - l.started_at as last_duration,
    l.execution_id as last_execution_id,
    l.error as last_error,
    (
        select count(*)
        from (
            select
            from aias_private.schedule_ticks as f
            where
                f.tenant_id = s.tenant_id
                and f.schedule_id = s.id
                and f.status = 'failed'
                and f.id > coalesce(
                    (
                        select g.id
                        from aias_private.schedule_ticks as g
                        where g.tenant_id = s.tenant_id and g.schedule_id = s.id and g.status = 'succeeded'
                        order by g.id desc
                        limit 1
                    ),
                    aias_private.nil_uuid()
                )
            order by f.id desc
            limit 1000
        ) as since
    ) as failure_count,
    (
        select count(*)
        from aias_private.schedule_ticks as q
        where q.tenant_id = s.tenant_id and q.schedule_id = s.id and q.status = 'queued'
    ) as queued_count,
    s.created_at,
    s.updated_at
from aias_private.schedules as s
left join aias_private.tenants as t on s.tenant_id = t.id
left join aias_private.workflows as w on s.tenant_id = w.tenant_id and s.workflow_id = w.id
left join lateral (
    select
        k.due_at,
        k.status,
        k.started_at,
        k.finished_at,
        k.execution_id,
        k.error
    from aias_private.schedule_ticks as k
    where k.tenant_id = s.tenant_id and k.schedule_id = s.id and k.status <> 'queued'
    order by k.id desc
    limit 1
) as l on true
where
    (select aias_private.caller_sees_all())
    or s.tenant_id = (select aias_private.caller_tenant());
grant select on aias.schedules to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.schedules is
'What runs by the clock: the tenants'' schedules and the system''s own, with their last run and their next. Fresh.';
comment on column aias.schedules.tenant_id is 'The tenant that it belongs to; null for the system''s own.';
comment on column aias.schedules.tenant is 'The tenant''s slug; null for the system''s own.';
comment on column aias.schedules.id is 'The schedule''s id (UUIDv7).';
comment on column aias.schedules.name is 'Its name, unique per tenant.';
comment on column aias.schedules.kind is 'What it starts: workflow, or task for the system''s own.';
comment on column aias.schedules.workflow is 'The workflow that it starts, at its current version; null for a task.';
comment on column aias.schedules.task is 'The system''s task that it runs; null for a workflow.';
comment on column aias.schedules.cron is
'When: minute, hour, day of the month, month, day of the week, in its time zone.';
comment on column aias.schedules.time_zone is 'The IANA time zone that the expression is read in.';
comment on column aias.schedules.input is 'The input of the executions that it starts.';
comment on column aias.schedules.overlap is
'What a due time does while the former run goes on: skip, queue (start after it) or allow (start beside it).';
comment on column aias.schedules.catch_up is
'Which due times of an outage are run afterwards: none, last, or all (the newest catch_up_limit ones).';
comment on column aias.schedules.catch_up_limit is 'How many due times are caught up with, or wait in the queue, at most.';
comment on column aias.schedules.jitter is 'A run starts this much after its due time at the latest, at random.';
comment on column aias.schedules.max_attempts is 'How often a due time is tried in all when its run fails.';
comment on column aias.schedules.retry_delay is 'How long after a failure the next attempt is made; doubled each time.';
comment on column aias.schedules.starts_at is 'Due times before are not run; null is no limit.';
comment on column aias.schedules.ends_at is 'Due times after are not run; null is no limit.';
comment on column aias.schedules.status is
'active; paused; ended: no due time lies ahead; broken: it can''t be advanced just now.';
comment on column aias.schedules.status_reason is 'Why it is paused or broken.';
comment on column aias.schedules.next_at is
'The next due time; null when there is none, and for the second before a change is planned.';
comment on column aias.schedules.last_due_at is 'The latest due time that was dealt with.';
comment on column aias.schedules.last_outcome is
'What came of it: started (still running), retrying, succeeded, failed, cancelled or skipped.';
comment on column aias.schedules.last_started_at is 'When its last attempt was started.';
comment on column aias.schedules.last_finished_at is 'When it ended.';
comment on column aias.schedules.last_duration is 'How long that took.';
comment on column aias.schedules.last_execution_id is 'The execution that it started.';
comment on column aias.schedules.last_error is 'Why it failed: {"type", "message", ...}.';
comment on column aias.schedules.failure_count is 'How many runs have failed since the last one that succeeded; 1000 is many.';
comment on column aias.schedules.queued_count is 'How many due times wait for the former run to end.';
comment on column aias.schedules.created_at is 'When it was made.';
comment on column aias.schedules.updated_at is 'When it was last changed by somebody.';
