-- aias.dead_letters: what gave up.
-- requires: aias_private.nil_uuid
create or replace view aias.dead_letters
with (security_barrier)
as
select
    nullif(d.tenant_id, aias_private.nil_uuid()) as tenant_id,
    d.id,
    d.kind,
    d.execution_id,
    d.job_id,
    d.reason,
    d.error,
    d.snapshot,
    d.created_at,
    d.resolution,
    d.resolved_at,
    d.resolved_by,
    d.resolved_reason,
    d.fuse_id
from aias_private.dead_letters as d
where
    (select aias_private.caller_sees_all())
    or d.tenant_id = (select aias_private.caller_tenant());
grant select on aias.dead_letters to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.dead_letters is 'Executions and jobs that gave up, kept whole. Open ones have no resolution. Fresh.';
comment on column aias.dead_letters.tenant_id is 'The tenant that it ran for; null for a job of no tenant.';
comment on column aias.dead_letters.id is 'The dead letter''s id (UUIDv7), for requeue_dead_letter and discard_dead_letter.';
comment on column aias.dead_letters.kind is 'execution or job.';
comment on column aias.dead_letters.execution_id is 'The execution that failed.';
comment on column aias.dead_letters.job_id is 'The job that failed.';
comment on column aias.dead_letters.reason is 'Why it gave up, in a line.';
comment on column aias.dead_letters.error is 'The last error: {"type", "message", "detail"}.';
comment on column aias.dead_letters.snapshot is 'The whole of it: the execution with its steps, or the job''s row.';
comment on column aias.dead_letters.created_at is 'When it gave up.';
comment on column aias.dead_letters.resolution is 'requeued or discarded; null while it is open.';
comment on column aias.dead_letters.resolved_at is 'When it was resolved.';
comment on column aias.dead_letters.resolved_by is 'Who resolved it.';
comment on column aias.dead_letters.resolved_reason is 'The reason given when it was discarded.';
comment on column aias.dead_letters.fuse_id is 'The blown fuse (aias.fuses) that diverted it here; null when it failed itself.';
