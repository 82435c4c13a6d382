-- aias_private.note_spans: store what processes noted of requests, jobs, attempts and calls.
--
-- Caller    a process about once a second (aias/tracing/spans.py). p_spans is an array of objects
--             {"id", "tenant", "trace_id", "span_id", "parent", "correlation_id", "kind", "name", "age", "seconds", "status",
--              "request_id", "execution", "step", "item", "attempt", "detail"}
--           "age" is how many seconds ago it began: times are the database's, whatever clock the process has.
-- Promise   one row per id: a batch that is sent again adds nothing.
-- requires: aias_private.nil_uuid
create or replace function aias_private.note_spans(p_spans jsonb)
returns void
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    insert into aias_private.trace_spans (
        tenant_id, id, trace_id, span_id, parent_span_id, correlation_id, kind, name, started_at, finished_at, status,
        request_id, execution_id, step_id, item, attempt, detail
    )
    select
        coalesce(s.tenant, aias_private.nil_uuid()),
        s.id,
        s.trace_id,
        s.span_id,
        s.parent,
        left(s.correlation_id, 200),
        s.kind,
        left(s.name, 200),
        n.now - make_interval(secs => s.age),
        n.now - make_interval(secs => s.age) + make_interval(secs => s.seconds),
        s.status,
        left(s.request_id, 200),
        s.execution,
        s.step,
        s.item,
        s.attempt,
        coalesce(s.detail, '{}')
    from jsonb_to_recordset(p_spans) as s(
        id uuid,
        tenant uuid,
        trace_id text,
        span_id text,
        parent text,
        correlation_id text,
        kind text,
        name text,
        age double precision,
        seconds double precision,
        status text,
        request_id text,
        execution uuid,
        step text,
        item integer,
        attempt integer,
        detail jsonb
    )
    cross join (select aias_private.now() as now) as n
    on conflict (tenant_id, id) do nothing
$$;
revoke execute on function aias_private.note_spans(jsonb) from public;
grant execute on function aias_private.note_spans(jsonb) to aias_worker, aias_admin;
comment on function aias_private.note_spans(jsonb) is 'Stores what processes noted of requests, jobs, attempts and calls.';
