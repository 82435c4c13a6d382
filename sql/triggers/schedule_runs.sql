-- aias.schedule_runs: the due times that were dealt with, and what came of them.
-- requires: aias_private.nil_uuid
create or replace view aias.schedule_runs
with (security_barrier)
as
select
    nullif(k.tenant_id, aias_private.nil_uuid()) as tenant_id,
    k.schedule_id,
    s.name as schedule,
    k.due_at,
    k.status,
    k.is_backfill,
    k.attempt_count,
    k.execution_id,
    k.job_id,
    k.reason,
    k.error,
    k.retry_at,
    k.created_at,
    k.started_at,
    k.finished_at
from aias_private.schedule_ticks as k
inner join aias_private.schedules as s on k.tenant_id = s.tenant_id and k.schedule_id = s.id
where
    (select aias_private.caller_sees_all())
    or k.tenant_id = (select aias_private.caller_tenant());
grant select on aias.schedule_runs to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.schedule_runs is 'The due times of schedules that were dealt with, one row each. Fresh.';
comment on column aias.schedule_runs.tenant_id is 'The tenant; null for the system''s own.';
comment on column aias.schedule_runs.schedule_id is 'The schedule.';
comment on column aias.schedule_runs.schedule is 'The schedule''s name.';
comment on column aias.schedule_runs.due_at is 'The due time; unique per schedule.';
comment on column aias.schedule_runs.status is
'queued, started (running), retrying, succeeded, failed, cancelled or skipped.';
comment on column aias.schedule_runs.is_backfill is 'Whether a backfill ran it after the fact.';
comment on column aias.schedule_runs.attempt_count is 'How often it was tried.';
comment on column aias.schedule_runs.execution_id is 'The execution that it started; null for a task, and when nothing could be started.';
comment on column aias.schedule_runs.job_id is 'The job of a system task.';
comment on column aias.schedule_runs.reason is 'Why it was skipped or waits.';
comment on column aias.schedule_runs.error is 'Why it failed: {"type", "message", ...}.';
comment on column aias.schedule_runs.retry_at is 'When it is tried again.';
comment on column aias.schedule_runs.created_at is 'When the scheduler dealt with it.';
comment on column aias.schedule_runs.started_at is 'When its last attempt was started.';
comment on column aias.schedule_runs.finished_at is 'When it ended.';
