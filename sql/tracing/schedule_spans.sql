-- aias_private.schedule_spans: the due times that started executions, as the spans at the root of their traces.
--
-- Why       a tick stores no trace: the trace is that of the execution which it started.
-- requires: aias_private.trace_id
create or replace view aias_private.schedule_spans
as
select
    e.tenant_id,
    e.id as key,
    aias_private.trace_id(e.id, e.trace_parent) as trace_id,
    left(md5('schedule ' || e.id::text), 16) as span_id,
    null::text as parent_span_id,
    coalesce(e.correlation_id, aias_private.trace_id(e.id, e.trace_parent)) as correlation_id,
    'schedule' as kind,
    coalesce(s.name, 'a removed schedule') as name,
    e.created_at as started_at,
    e.created_at as finished_at,
    'started' as status,
    null::text as request_id,
    e.id as execution_id,
    null::text as step,
    null::integer as item,
    null::integer as attempt,
    '{}'::jsonb as detail
from aias_private.executions as e
left join aias_private.schedules as s on e.tenant_id = s.tenant_id and e.origin_id = s.id
where e.origin = 'schedule' and e.trace_parent is null;
comment on view aias_private.schedule_spans is 'The due times that started executions, as aias.traces has them.';
