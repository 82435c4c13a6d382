-- aias_private.execution_spans: the executions as spans; the wait for a worker is part of one, the wait for its time is not.
-- requires: aias_private.span_id
-- requires: aias_private.trace_id
create or replace view aias_private.execution_spans
as
select
    e.tenant_id,
    e.id as key,
    aias_private.trace_id(e.id, e.trace_parent) as trace_id,
    aias_private.span_id(e.id) as span_id,
    case
        when e.trace_parent is not null then split_part(e.trace_parent, '-', 3)
        when e.origin = 'schedule' then left(md5('schedule ' || e.id::text), 16)
    end as parent_span_id,
    coalesce(e.correlation_id, aias_private.trace_id(e.id, e.trace_parent)) as correlation_id,
    'execution' as kind,
    w.name,
    least(greatest(e.created_at, e.run_at), e.started_at, e.finished_at) as started_at,
    e.finished_at,
    e.status,
    null::text as request_id,
    e.id as execution_id,
    null::text as step,
    null::integer as item,
    null::integer as attempt,
    jsonb_strip_nulls(
        jsonb_build_object(
            'version', e.version,
            'taken_at', e.started_at,
            'wait_reason', e.wait_reason,
            'replayed_from_id', e.replayed_from_id,
            'error', e.error ->> 'message'
        )
    ) as detail
from aias_private.executions as e
inner join aias_private.workflows as w on e.tenant_id = w.tenant_id and e.workflow_id = w.id;
comment on view aias_private.execution_spans is 'The executions as aias.traces has them.';
