-- aias_private.message_spans: what is told to tenants' endpoints as spans, from what happened to its delivery.
-- requires: aias_private.span_id
-- requires: aias_private.trace_id
create or replace view aias_private.message_spans
as
select
    m.tenant_id,
    m.id as key,
    aias_private.trace_id(m.id, m.trace_parent) as trace_id,
    aias_private.span_id(m.id) as span_id,
    nullif(split_part(m.trace_parent, '-', 3), '') as parent_span_id,
    coalesce(m.correlation_id, aias_private.trace_id(m.id, m.trace_parent)) as correlation_id,
    'webhook_out' as kind,
    m.type || coalesce(' to ' || e.name, '') as name,
    m.created_at as started_at,
    m.finished_at,
    m.status,
    null::text as request_id,
    (m.payload #>> '{data,execution_id}')::uuid as execution_id,
    null::text as step,
    null::integer as item,
    nullif(m.attempt_count, 0) as attempt,
    jsonb_strip_nulls(jsonb_build_object('last_status', m.last_status, 'error', m.last_error)) as detail
from aias_private.webhook_messages as m
left join aias_private.webhook_endpoints as e on m.tenant_id = e.tenant_id and m.endpoint_id = e.id;
comment on view aias_private.message_spans is 'What is told to tenants'' endpoints, as aias.traces has it.';
