-- aias_private.trace_parent: the trace context that something hands on to what it starts.
--
-- Returns   a W3C traceparent: its trace, the span that starts (p_span), and the flags that it came with (01 without any).
-- requires: aias_private.trace_id
create or replace function aias_private.trace_parent(
    p_id uuid,
    p_trace_parent text,
    p_span text
)
returns text
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select '00-' || aias_private.trace_id(p_id, p_trace_parent) || '-' || p_span || '-'
        || coalesce(split_part(p_trace_parent, '-', 4), '01')
$$;
revoke execute on function aias_private.trace_parent(uuid, text, text) from public;
comment on function aias_private.trace_parent(uuid, text, text) is
'The trace context that something hands on to what it starts.';
