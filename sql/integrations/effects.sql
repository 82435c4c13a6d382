-- aias.effects: the ledger of effects.
create or replace view aias.effects
with (security_barrier)
as
select
    e.tenant_id,
    e.execution_id,
    e.step_id as step,
    nullif(e.item, -1) as item,
    nullif(e.part, '') as part,
    e.operation,
    e.connection,
    e.state,
    e.response,
    e.idempotency_key,
    encode(e.request_hash, 'hex') as request_hash,
    e.attempt,
    e.send_count,
    e.begun_at,
    e.held_until,
    e.doubted_at,
    e.settled_at,
    e.resolved_by,
    e.resolved_comment
from aias_private.effects as e
where
    (select aias_private.caller_sees_all())
    or e.tenant_id = (select aias_private.caller_tenant());
grant select on aias.effects to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.effects is
'What the executions have changed outside, or set out to: one row per effect, written before its call. Fresh.';
comment on column aias.effects.tenant_id is 'The tenant that the execution runs for.';
comment on column aias.effects.execution_id is 'The execution (aias.executions.id).';
comment on column aias.effects.step is 'The step''s id in the definition.';
comment on column aias.effects.item is 'The item of a fan-out, from 0; null for the step itself.';
comment on column aias.effects.part is 'Which of several effects of the step; null where there is one.';
comment on column aias.effects.operation is 'What was asked for: orderCancel, invoiceSend, POST.';
comment on column aias.effects.connection is 'Of which connection; null for an address of the step''s own.';
comment on column aias.effects.state is
'intended: begun, not settled; done: it happened; refused: it surely did not; in_doubt: a person is to say (aias.resolve_effect).';
comment on column aias.effects.response is
'What the upstream answered, secrets masked; null where it said nothing or more than is kept.';
comment on column aias.effects.idempotency_key is 'The key that upstreams which take one were given.';
comment on column aias.effects.request_hash is 'SHA-256 of the request: the same intent asks for the same thing.';
comment on column aias.effects.attempt is 'The execution''s attempt that last sent or settled it.';
comment on column aias.effects.send_count is 'How often it was sent; more than once only after a refusal or a doubt.';
comment on column aias.effects.begun_at is 'When it was last begun.';
comment on column aias.effects.held_until is 'Until when its call may be under way; null when it is over.';
comment on column aias.effects.doubted_at is 'When its call ended without an answer; null when every answer came.';
comment on column aias.effects.settled_at is 'When its outcome was known; null until then.';
comment on column aias.effects.resolved_by is 'Who said what came of it; null when it was found out.';
comment on column aias.effects.resolved_comment is 'What that person said about it.';
