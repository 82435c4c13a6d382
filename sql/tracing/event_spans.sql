-- aias_private.event_spans: the events as spans without duration.
-- requires: aias_private.span_id
-- requires: aias_private.trace_id
create or replace view aias_private.event_spans
as
select
    e.tenant_id,
    e.id as key,
    aias_private.trace_id(e.id, e.trace_parent) as trace_id,
    aias_private.span_id(e.id) as span_id,
    nullif(split_part(e.trace_parent, '-', 3), '') as parent_span_id,
    coalesce(e.correlation_id, aias_private.trace_id(e.id, e.trace_parent)) as correlation_id,
    'event' as kind,
    e.type as name,
    e.created_at as started_at,
    e.created_at as finished_at,
    'emitted' as status,
    null::text as request_id,
    null::uuid as execution_id,
    null::text as step,
    null::integer as item,
    null::integer as attempt,
    jsonb_strip_nulls(
        jsonb_build_object('source', e.source, 'event_id', e.event_id, 'subject', e.subject)
    ) as detail
from aias_private.events as e;
comment on view aias_private.event_spans is 'The events, as aias.traces has them.';
