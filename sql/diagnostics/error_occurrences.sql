-- aias.error_occurrences: single failures.
-- requires: aias_private.nil_uuid
create or replace view aias.error_occurrences
with (security_barrier)
as
select
    o.id,
    o.group_id,
    o.at,
    nullif(o.tenant_id, aias_private.nil_uuid()) as tenant_id,
    o.source,
    o.name,
    o.message,
    o.execution_id,
    o.step,
    o.job_id,
    o.correlation_id,
    o.trace_id,
    o.request_id,
    o.traceback,
    o.process
from aias_private.error_occurrences as o
where
    (select aias_private.caller_sees_all())
    or o.tenant_id = (select aias_private.caller_tenant());
grant select on aias.error_occurrences to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.error_occurrences is
'Single failures with what was known of each: of each group the first 20 of a minute. Fresh to 2 seconds.';
comment on column aias.error_occurrences.id is 'The failure''s id (UUIDv7): ordering by it is ordering by time.';
comment on column aias.error_occurrences.group_id is 'Its group (aias.error_groups).';
comment on column aias.error_occurrences.at is 'When it happened, by the clock of the process.';
comment on column aias.error_occurrences.tenant_id is 'The tenant for whom the work was done; null for the system''s own.';
comment on column aias.error_occurrences.source is 'What failed: step, job, request, periodic (the system''s own upkeep) or log (only logged).';
comment on column aias.error_occurrences.name is 'The action, the task, the route or the logger.';
comment on column aias.error_occurrences.message is 'What it said, scrubbed of secrets and personal data.';
comment on column aias.error_occurrences.execution_id is 'The execution that met it.';
comment on column aias.error_occurrences.step is 'The step of the execution.';
comment on column aias.error_occurrences.job_id is 'The job that met it.';
comment on column aias.error_occurrences.correlation_id is 'What ties together all that one request or trigger led to.';
comment on column aias.error_occurrences.trace_id is 'The trace (W3C Trace Context).';
comment on column aias.error_occurrences.request_id is 'The HTTP request (its X-Request-ID).';
comment on column aias.error_occurrences.traceback is 'Where it came from, without local variables; null where nothing was raised.';
comment on column aias.error_occurrences.process is 'Who met it: worker or serve, the host and the process id.';
