-- aias.logs: what the processes logged.
-- requires: aias_private.nil_uuid
create or replace view aias.logs
with (security_barrier)
as
select
    l.id,
    l.at,
    l.level,
    l.logger,
    l.message,
    nullif(l.tenant_id, aias_private.nil_uuid()) as tenant_id,
    l.execution_id,
    l.step,
    l.job_id,
    l.correlation_id,
    l.trace_id,
    l.request_id,
    l.context,
    l.process
from aias_private.logs as l
where
    (select aias_private.caller_sees_all())
    or l.tenant_id = (select aias_private.caller_tenant());
grant select on aias.logs to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.logs is
'What workers and the HTTP server logged, without secrets and personal data; below error for 30 days, errors for 90. Fresh to 2 seconds.';
comment on column aias.logs.id is 'The record''s id (UUIDv7): ordering by it is ordering by time.';
comment on column aias.logs.at is 'When it was written, by the clock of the process.';
comment on column aias.logs.level is 'debug, info, warning, error or critical.';
comment on column aias.logs.logger is 'The part of the program that wrote it.';
comment on column aias.logs.message is 'What it says: one line, control characters escaped.';
comment on column aias.logs.tenant_id is 'The tenant for whom the work was done; null for the system''s own.';
comment on column aias.logs.execution_id is 'The execution that was advanced.';
comment on column aias.logs.step is 'The step of the execution.';
comment on column aias.logs.job_id is 'The job that ran.';
comment on column aias.logs.correlation_id is 'What ties together all that one request or trigger led to.';
comment on column aias.logs.trace_id is 'The trace (W3C Trace Context), 32 hexadecimal digits.';
comment on column aias.logs.request_id is 'The HTTP request (its X-Request-ID).';
comment on column aias.logs.context is 'The other fields; exception is a traceback without local variables.';
comment on column aias.logs.process is 'Who wrote it: worker or serve, the host and the process id.';
