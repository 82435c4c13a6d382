-- aias.trace: the spans of a trace, found by whatever id one has.
--
-- Promise   p_id is a trace id, an execution's id, a correlation id or a request's id (X-Request-ID); all spans of all traces that it
--           names, the oldest first, at most p_limit. A confined caller finds its own tenant's only.
-- Plan      each kind by its index on the trace; an own trace by the id. Guarded by tests/tracing/test_plans.py.
-- Errors    JR404 nothing is known of the id; JR422 p_limit is out of range.
-- requires: aias_private.delivery_spans
-- requires: aias_private.event_spans
-- requires: aias_private.execution_spans
-- requires: aias_private.job_spans
-- requires: aias_private.list_scope
-- requires: aias_private.message_spans
-- requires: aias_private.noted_spans
-- requires: aias_private.schedule_spans
-- requires: aias_private.step_spans
-- requires: aias_private.trace_id
create or replace function aias.trace(
    p_id text,
    p_limit integer default 1000
)
returns table (
    tenant_id uuid,
    trace_id text,
    span_id text,
    parent_span_id text,
    correlation_id text,
    kind text,
    name text,
    started_at timestamptz,
    finished_at timestamptz,
    status text,
    request_id text,
    execution_id uuid,
    step text,
    item integer,
    attempt integer,
    detail jsonb
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    v_digits constant text := replace(lower(btrim(p_id)), '-', '');
    v_tenant uuid;
    v_tenants uuid[];
    v_traces text[];
    v_own uuid[];
    v_executions uuid[];
    v_events uuid[];
    v_deliveries uuid[];
    v_messages uuid[];
begin
    select s.tenant_id into v_tenant from aias_private.list_scope(null, p_limit) as s;
    if found then
        v_tenants := case
            when v_tenant is not null then array[v_tenant]
            -- what is nobody's, too
            else array(select t.id from aias_private.tenants as t) || aias_private.nil_uuid()
        end;
    end if;
    v_traces := array(
        select v_digits
        where v_digits ~ '^[0-9a-f]{32}$'
        union
        select aias_private.trace_id(e.id, e.trace_parent)
        from aias_private.executions as e
        where e.id = case when v_digits ~ '^[0-9a-f]{32}$' then v_digits::uuid end and e.tenant_id = any(v_tenants)
        union
        select aias_private.trace_id(e.id, e.trace_parent)
        from aias_private.executions as e
        where e.correlation_id = p_id and e.tenant_id = any(v_tenants)
        union
        select s.trace_id
        from aias_private.trace_spans as s
        where s.correlation_id = p_id and s.tenant_id = any(v_tenants)
        union
        select s.trace_id
        from aias_private.trace_spans as s
        where s.request_id = p_id and s.tenant_id = any(v_tenants)
        union
        select aias_private.trace_id(d.id, d.trace_parent)
        from aias_private.webhook_deliveries as d
        where d.request_id = p_id and d.tenant_id = any(v_tenants)
        limit 100
    );
    v_own := array(select t.id::uuid from unnest(v_traces) as t(id));
    v_executions := array(
        select e.id
        from aias_private.executions as e
        where split_part(e.trace_parent, '-', 2) = any(v_traces)
        union all
        select e.id
        from aias_private.executions as e
        where e.tenant_id = any(v_tenants) and e.id = any(v_own) and e.trace_parent is null
    );
    v_events := array(
        select e.id
        from aias_private.events as e
        where split_part(e.trace_parent, '-', 2) = any(v_traces)
        union all
        select e.id
        from aias_private.events as e
        where e.tenant_id = any(v_tenants) and e.id = any(v_own) and e.trace_parent is null
    );
    v_deliveries := array(
        select d.id
        from aias_private.webhook_deliveries as d
        where split_part(d.trace_parent, '-', 2) = any(v_traces)
        union all
        select d.id
        from aias_private.webhook_deliveries as d
        where d.tenant_id = any(v_tenants) and d.id = any(v_own) and d.trace_parent is null
    );
    v_messages := array(
        select m.id
        from aias_private.webhook_messages as m
        where split_part(m.trace_parent, '-', 2) = any(v_traces)
        union all
        select m.id
        from aias_private.webhook_messages as m
        where m.tenant_id = any(v_tenants) and m.id = any(v_own) and m.trace_parent is null
    );
    return query
    select
        nullif(s.tenant_id, aias_private.nil_uuid()),
        s.trace_id,
        s.span_id,
        s.parent_span_id,
        s.correlation_id,
        s.kind,
        s.name,
        s.started_at,
        s.finished_at,
        s.status,
        s.request_id,
        s.execution_id,
        s.step,
        s.item,
        s.attempt,
        s.detail
    from (
        select
            n.tenant_id,
            n.trace_id,
            n.span_id,
            n.parent_span_id,
            n.correlation_id,
            n.kind,
            n.name,
            n.started_at,
            n.finished_at,
            n.status,
            n.request_id,
            n.execution_id,
            n.step,
            n.item,
            n.attempt,
            n.detail
        from aias_private.noted_spans as n
        where n.key = any(v_traces)
        union all
        select
            e.tenant_id,
            e.trace_id,
            e.span_id,
            e.parent_span_id,
            e.correlation_id,
            e.kind,
            e.name,
            e.started_at,
            e.finished_at,
            e.status,
            e.request_id,
            e.execution_id,
            e.step,
            e.item,
            e.attempt,
            e.detail
        from aias_private.execution_spans as e
        where e.key = any(v_executions)
        union all
        select
            s.tenant_id,
            s.trace_id,
            s.span_id,
            s.parent_span_id,
            s.correlation_id,
            s.kind,
            s.name,
            s.started_at,
            s.finished_at,
            s.status,
            s.request_id,
            s.execution_id,
            s.step,
            s.item,
            s.attempt,
            s.detail
        from aias_private.schedule_spans as s
        where s.key = any(v_executions)
        union all
        select
            s.tenant_id,
            s.trace_id,
            s.span_id,
            s.parent_span_id,
            s.correlation_id,
            s.kind,
            s.name,
            s.started_at,
            s.finished_at,
            s.status,
            s.request_id,
            s.execution_id,
            s.step,
            s.item,
            s.attempt,
            s.detail
        from aias_private.step_spans as s
        where s.key = any(v_executions)
        union all
        select
            e.tenant_id,
            e.trace_id,
            e.span_id,
            e.parent_span_id,
            e.correlation_id,
            e.kind,
            e.name,
            e.started_at,
            e.finished_at,
            e.status,
            e.request_id,
            e.execution_id,
            e.step,
            e.item,
            e.attempt,
            e.detail
        from aias_private.event_spans as e
        where e.key = any(v_events) and e.tenant_id = any(v_tenants)
        union all
        select
            d.tenant_id,
            d.trace_id,
            d.span_id,
            d.parent_span_id,
            d.correlation_id,
            d.kind,
            d.name,
            d.started_at,
            d.finished_at,
            d.status,
            d.request_id,
            d.execution_id,
            d.step,
            d.item,
            d.attempt,
            d.detail
        from aias_private.delivery_spans as d
        where d.key = any(v_deliveries) and d.tenant_id = any(v_tenants)
        union all
        select
            m.tenant_id,
            m.trace_id,
            m.span_id,
            m.parent_span_id,
            m.correlation_id,
            m.kind,
            m.name,
            m.started_at,
            m.finished_at,
            m.status,
            m.request_id,
            m.execution_id,
            m.step,
            m.item,
            m.attempt,
            m.detail
        from aias_private.message_spans as m
        where m.key = any(v_messages) and m.tenant_id = any(v_tenants)
        union all
        select
            j.tenant_id,
            j.trace_id,
            j.span_id,
            j.parent_span_id,
            j.correlation_id,
            j.kind,
            j.name,
            j.started_at,
            j.finished_at,
            j.status,
            j.request_id,
            j.execution_id,
            j.step,
            j.item,
            j.attempt,
            j.detail
        from aias_private.job_spans as j
        where j.key = any(v_traces)
    ) as s
    where s.tenant_id = any(v_tenants)
    order by s.started_at, s.kind = 'step', s.span_id
    limit p_limit;
    if not found then
        raise exception 'nothing is known of %', coalesce(quote_literal(p_id), 'null')
            using errcode = 'JR404', column = 'p_id';
    end if;
end;
$$;
revoke execute on function aias.trace(text, integer) from public;
grant execute on function aias.trace(text, integer) to aias_app, aias_worker, aias_analyst, aias_admin;
comment on function aias.trace(text, integer) is
'The spans of a trace, the oldest first; found by a trace id, an execution''s, a correlation id or a request''s.';
