-- aias.find_executions: a page of executions, the newest first.
--
-- Caller    lists: the view aias.executions shows the same, but is a barrier to the planner, which then reads and sorts all
--           of a tenant's executions for any page.
-- Promise   a confined caller finds its own tenant's only, whatever p_tenant says. Arguments that are null don't narrow.
--           p_before is the last id of the page before.
-- Plan      the primary key from p_before on; planned afresh for each call, so that filters that are null fold away;
--           executions_live_idx, executions_ended_badly_idx, executions_idempotency_key_idx and executions_trace_idx where they
--           are narrower; guarded by tests/api/test_paging.py.
-- Errors    JR422 p_limit is out of range.
-- requires: aias_private.list_scope
create or replace function aias.find_executions(
    p_tenant uuid default null,
    p_workflow text default null,
    p_status text default null,
    p_since timestamptz default null,
    p_until timestamptz default null,
    p_idempotency_key text default null,
    p_trace_id text default null,
    p_parent uuid default null,
    p_before uuid default null,
    p_limit integer default 50
)
returns table (
    id uuid,
    tenant text,
    workflow text,
    version integer,
    status text,
    lane text,
    attempt integer,
    run_at timestamptz,
    wait_reason text,
    wait_until timestamptz,
    idempotency_key text,
    parent_execution_id uuid,
    replayed_from_id uuid,
    trace_parent text,
    error jsonb,
    created_at timestamptz,
    started_at timestamptz,
    finished_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    v_tenant uuid;
    v_workflows uuid[];
    v_traced uuid[];
    -- within what an id can tell
    v_before constant uuid := aias_private.uuid7_floor(
        greatest(least(p_until, '9999-12-01 00:00+00'), '1970-01-01 00:00+00') + interval '1 day'
    );
begin
    select s.tenant_id into v_tenant from aias_private.list_scope(p_tenant, p_limit) as s;
    if not found then
        return;
    end if;
    if p_workflow is not null then
        v_workflows := array(
            select w.id
            from aias_private.workflows as w
            where w.name = p_workflow and (v_tenant is null or w.tenant_id = v_tenant)
        );
    end if;
    if p_trace_id is not null then
        -- by its index before the rest: nothing tells the planner how few there are of a trace
        v_traced := array(
            select y.id
            from aias_private.tenants as t
            inner join aias_private.executions as y on t.id = y.tenant_id
            where (v_tenant is null or t.id = v_tenant) and split_part(y.trace_parent, '-', 2) = p_trace_id
            union all
            -- one that brought no trace began its own, under its id
            select y.id
            from aias_private.executions as y
            where (v_tenant is null or y.tenant_id = v_tenant) and y.trace_parent is null and y.id = p_trace_id::uuid
        );
    end if;
    return query
    select
        e.id,
        t.slug,
        w.name,
        e.version,
        e.status,
        e.lane,
        e.attempt,
        e.run_at,
        e.wait_reason,
        e.wait_until,
        e.idempotency_key,
        e.parent_execution_id,
        e.replayed_from_id,
        e.trace_parent,
        e.error,
        e.created_at,
        e.started_at,
        e.finished_at
    from (
        select
            x.tenant_id,
            x.id,
            x.workflow_id,
            x.version,
            x.status,
            x.lane,
            x.attempt,
            x.run_at,
            x.wait_reason,
            x.wait_until,
            x.idempotency_key,
            x.parent_execution_id,
            x.replayed_from_id,
            x.trace_parent,
            x.error,
            x.created_at,
            x.started_at,
            x.finished_at
        from aias_private.executions as x
        where
            (v_tenant is null or x.tenant_id = v_tenant)
            and (v_workflows is null or x.workflow_id = any(v_workflows))
            and (p_status is null or x.status = p_status)
            and (p_since is null or x.created_at >= p_since)
            and (p_until is null or x.created_at < p_until)
            -- ids sort by the time in which they were made, which is that of the start or, in a long transaction, later:
            -- a page from long ago is not looked for among what is newer by a day or more
            and (p_until is null or x.id < v_before)
            and (p_idempotency_key is null or x.idempotency_key = p_idempotency_key)
            and (v_traced is null or x.id = any(v_traced))
            and (p_parent is null or x.parent_execution_id = p_parent)
            and (p_before is null or x.id < p_before)
        order by x.id desc
        limit p_limit
    ) as e
    inner join aias_private.tenants as t on e.tenant_id = t.id
    inner join aias_private.workflows as w on e.tenant_id = w.tenant_id and e.workflow_id = w.id
    order by e.id desc;
end;
$$;
revoke execute on function aias.find_executions(
    uuid, text, text, timestamptz, timestamptz, text, text, uuid, uuid, integer
) from public;
grant execute on function aias.find_executions(
    uuid, text, text, timestamptz, timestamptz, text, text, uuid, uuid, integer
) to aias_app, aias_admin, aias_worker, aias_analyst;
comment on function aias.find_executions(
    uuid, text, text, timestamptz, timestamptz, text, text, uuid, uuid, integer
) is
'A page of executions, the newest first, narrowed by what is given; without inputs and outputs. Fast however many there are.';
