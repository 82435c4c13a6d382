-- aias_private.delivery_spans: what came in by webhooks as spans without duration.
-- requires: aias_private.span_id
-- requires: aias_private.trace_id
create or replace view aias_private.delivery_spans
as
select
    d.tenant_id,
    d.id as key,
    aias_private.trace_id(d.id, d.trace_parent) as trace_id,
    aias_private.span_id(d.id) as span_id,
    nullif(split_part(d.trace_parent, '-', 3), '') as parent_span_id,
    coalesce(d.correlation_id, aias_private.trace_id(d.id, d.trace_parent)) as correlation_id,
    'webhook_in' as kind,
    coalesce(w.name, 'a removed webhook') || coalesce(': ' || d.topic, '') as name,
    d.received_at as started_at,
    d.received_at as finished_at,
    d.status,
    d.request_id,
    d.execution_id,
    null::text as step,
    null::integer as item,
    null::integer as attempt,
    jsonb_strip_nulls(
        jsonb_build_object(
            'delivery', d.id,
            'delivery_id', d.delivery_id,
            'duplicate_count', nullif(d.duplicate_count, 0),
            'error', d.error ->> 'message'
        )
    ) as detail
from aias_private.webhook_deliveries as d
left join aias_private.webhooks as w on d.tenant_id = w.tenant_id and d.webhook_id = w.id;
comment on view aias_private.delivery_spans is 'What came in by webhooks, as aias.traces has it.';
