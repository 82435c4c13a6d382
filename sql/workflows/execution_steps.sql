-- aias.execution_steps: the checkpoints of the executions.
create or replace view aias.execution_steps
with (security_barrier)
as
select
    s.tenant_id,
    s.execution_id,
    s.id as step,
    nullif(s.item, -1) as item,
    s.action,
    s.effect,
    s.status,
    s.attempt_count,
    s.output,
    s.error,
    s.wait_kind,
    s.wait_until,
    s.wait_detail,
    s.child_execution_id,
    s.started_at,
    s.finished_at,
    s.finished_at - s.started_at as duration,
    s.deferral_count
from aias_private.steps as s
where
    (select aias_private.caller_sees_all())
    or s.tenant_id = (select aias_private.caller_tenant());
grant select on aias.execution_steps to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.execution_steps is
'The checkpoints: one row per step that has begun, and one per item of a fan-out. Fresh.';
comment on column aias.execution_steps.tenant_id is 'The tenant that the execution runs for.';
comment on column aias.execution_steps.execution_id is 'The execution (aias.executions.id).';
comment on column aias.execution_steps.step is 'The step''s id in the definition.';
comment on column aias.execution_steps.item is 'The item of a fan-out, from 0; null for the step itself.';
comment on column aias.execution_steps.action is 'The action that it calls.';
comment on column aias.execution_steps.effect is 'none, idempotent or at_most_once: what may be repeated after a crash.';
comment on column aias.execution_steps.status is
'running, waiting, succeeded, failed, skipped, cancelled, or in_doubt: its call was under way when the execution ended.';
comment on column aias.execution_steps.attempt_count is 'How often it was called.';
comment on column aias.execution_steps.output is 'What it came to.';
comment on column aias.execution_steps.error is 'Why its latest attempt failed: {"type", "message", "detail"}.';
comment on column aias.execution_steps.wait_kind is 'What it waits for: retry, sleep, event, approval, execution, gate, limit or effect.';
comment on column aias.execution_steps.wait_until is 'When the wait ends by itself; null when it has no end.';
comment on column aias.execution_steps.wait_detail is 'The particulars of the wait: a signal''s name, a message to a person.';
comment on column aias.execution_steps.child_execution_id is 'The execution that it started and waits for.';
comment on column aias.execution_steps.started_at is 'When its latest attempt began.';
comment on column aias.execution_steps.finished_at is 'When it was done.';
comment on column aias.execution_steps.duration is 'From the start of its latest attempt to its end.';
comment on column aias.execution_steps.deferral_count is
'How often it was put off by a closed gate or a used up limit; that costs no attempt.';
