-- aias_private.step_spans: the last attempt of each step as a span.
--
-- Why       a checkpoint has the times of its last attempt; former ones failed, and were noted by the worker. What a replay took
--           over from its original (execution_attempt 0) is not its own.
-- requires: aias_private.attempt_span
-- requires: aias_private.span_id
-- requires: aias_private.trace_id
create or replace view aias_private.step_spans
as
select
    s.tenant_id,
    s.execution_id as key,
    aias_private.trace_id(e.id, e.trace_parent) as trace_id,
    aias_private.attempt_span(s.execution_id, s.id, s.item, s.attempt_count) as span_id,
    aias_private.span_id(e.id) as parent_span_id,
    coalesce(e.correlation_id, aias_private.trace_id(e.id, e.trace_parent)) as correlation_id,
    'step' as kind,
    s.id || case when s.item >= 0 then '[' || s.item || ']' else '' end as name,
    s.started_at,
    s.finished_at,
    s.status,
    null::text as request_id,
    s.execution_id,
    s.id as step,
    nullif(s.item, -1) as item,
    s.attempt_count as attempt,
    jsonb_strip_nulls(
        jsonb_build_object(
            'action', s.action,
            'wait_kind', s.wait_kind,
            'wait_until', s.wait_until,
            'error', case when s.status in ('failed', 'waiting', 'in_doubt') then s.error ->> 'message' end
        )
    ) as detail
from aias_private.steps as s
inner join aias_private.executions as e on s.tenant_id = e.tenant_id and s.execution_id = e.id
where s.execution_attempt > 0;
comment on view aias_private.step_spans is 'The last attempts of steps, as aias.traces has them.';
