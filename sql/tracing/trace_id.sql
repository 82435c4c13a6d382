-- aias_private.trace_id: the trace that something belongs to.
--
-- Promise   the one of the trace context that it began under; without one it is a trace of its own, whose id is its id. The same
--           rule stands in aias/tracing/context.py.
create or replace function aias_private.trace_id(
    p_id uuid,
    p_trace_parent text
)
returns text
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(split_part(p_trace_parent, '-', 2), replace(p_id::text, '-', ''))
$$;
revoke execute on function aias_private.trace_id(uuid, text) from public;
-- the views call it on behalf of whoever reads them
grant execute on function aias_private.trace_id(uuid, text) to aias_app, aias_analyst, aias_worker, aias_admin;
comment on function aias_private.trace_id(uuid, text) is
'The trace that something belongs to: that of its trace context, or its own.';
