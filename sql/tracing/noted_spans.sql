-- aias_private.noted_spans: the spans that processes note in batches.
--
-- Why       a failed attempt that is its step's last one stands in aias_private.steps too, and is told once.
create or replace view aias_private.noted_spans
as
select
    s.tenant_id,
    s.trace_id as key,
    s.trace_id,
    s.span_id,
    s.parent_span_id,
    coalesce(s.correlation_id, s.trace_id) as correlation_id,
    s.kind,
    s.name,
    s.started_at,
    s.finished_at,
    s.status,
    s.request_id,
    s.execution_id,
    s.step_id as step,
    s.item,
    s.attempt,
    s.detail
from aias_private.trace_spans as s
where
    s.kind <> 'step'
    or not exists (
        select
        from aias_private.steps as c
        where
            c.tenant_id = s.tenant_id
            and c.execution_id = s.execution_id
            and c.id = s.step_id
            and c.item = coalesce(s.item, -1)
            and c.attempt_count = s.attempt
    );
comment on view aias_private.noted_spans is 'The spans that processes note in batches, as aias.traces has them.';
