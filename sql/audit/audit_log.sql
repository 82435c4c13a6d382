-- aias.audit_log: who did what, and when.
-- requires: aias_private.nil_uuid
create or replace view aias.audit_log
with (security_barrier)
as
select
    a.id,
    nullif(a.tenant_id, aias_private.nil_uuid()) as tenant_id,
    a.at,
    a.actor,
    a.actor_kind,
    a.action,
    a.object_kind,
    a.object_id,
    a.detail,
    a.request_id,
    a.address,
    a.correlation_id,
    a.trace_id
from aias_private.audit_log as a
where
    (select aias_private.caller_sees_all())
    or a.tenant_id = (select aias_private.caller_tenant());
grant select on aias.audit_log to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.audit_log is 'Every action of a user, an administrator, an application or a trigger. Fresh.';
comment on column aias.audit_log.id is 'The row''s id (UUIDv7): ordering by it is ordering by time.';
comment on column aias.audit_log.tenant_id is 'The tenant that the action concerned; null for the system itself.';
comment on column aias.audit_log.at is 'When it was done.';
comment on column aias.audit_log.actor is 'Who did it: the setting aias.actor of the application, else the database role.';
comment on column aias.audit_log.actor_kind is 'What the actor is: user, administrator, application, trigger, worker or system.';
comment on column aias.audit_log.action is 'What was done, as object.verb: execution.started, workflow.applied, ...';
comment on column aias.audit_log.object_kind is 'What kind of thing it was done to.';
comment on column aias.audit_log.object_id is 'Which one.';
comment on column aias.audit_log.detail is 'The particulars, as a JSON object: what is now and, of what was changed or removed, under before what was.';
comment on column aias.audit_log.request_id is 'The HTTP request that it was part of (its X-Request-ID).';
comment on column aias.audit_log.address is 'The address that the HTTP request came from.';
comment on column aias.audit_log.correlation_id is 'The correlation id that it was done under; null when none was named.';
comment on column aias.audit_log.trace_id is 'The trace that it was part of (aias.traces); null outside of any.';
