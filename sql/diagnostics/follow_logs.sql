-- aias.follow_logs: a page of the log records that were committed between two snapshots.
--
-- Caller    aias logs --follow and GET /v1/logs/follow: p_until is pg_current_snapshot() of an earlier statement, and p_since that of the
--           look before; when a page is not full, p_until is the next look's p_since.
-- Promise   between two snapshots every record comes once, in whatever order the transactions committed, however long the reader
--           takes from page to page. Narrowed as in aias.find_logs. By id, the oldest first, from p_after on.
-- Plan      logs_xid_idx from the oldest transaction on that p_since did not show.
-- Errors    JR422 p_limit is out of range, p_level is none, p_since or p_until is of another database.
-- requires: aias_private.list_scope
-- requires: aias_private.log_levels
create or replace function aias.follow_logs(
    p_since pg_snapshot,
    p_until pg_snapshot,
    p_tenant uuid default null,
    p_level text default null,
    p_execution uuid default null,
    p_correlation text default null,
    p_request text default null,
    p_text text default null,
    p_after uuid default null,
    p_limit integer default 500
)
returns table (
    id uuid,
    at timestamptz,
    level text,
    logger text,
    message text,
    tenant text,
    execution_id uuid,
    step text,
    job_id bigint,
    correlation_id text,
    trace_id text,
    request_id text,
    context jsonb,
    process text
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
    v_class constant text := case when p_level in ('error', 'critical') then 'error' end;
    v_levels constant text[] := aias_private.log_levels(p_level);
    v_text constant tsquery := websearch_to_tsquery('simple', p_text);
    v_oldest constant xid8 := pg_snapshot_xmin(p_since);
begin
    if greatest(pg_snapshot_xmax(p_since), pg_snapshot_xmax(p_until)) > pg_snapshot_xmax(pg_current_snapshot()) then
        raise exception 'that snapshot is not one of this database'
            using errcode = 'JR422', column = 'p_since';
    end if;
    select s.tenant_id into v_tenant from aias_private.list_scope(p_tenant, p_limit) as s;
    if not found then
        return;
    end if;
    return query
    select
        x.id,
        x.at,
        x.level,
        x.logger,
        x.message,
        t.slug,
        x.execution_id,
        x.step,
        x.job_id,
        x.correlation_id,
        x.trace_id,
        x.request_id,
        x.context,
        x.process
    from aias_private.logs as x
    left join aias_private.tenants as t on x.tenant_id = t.id
    where
        x.xid >= v_oldest
        and not pg_visible_in_snapshot(x.xid, p_since)
        and pg_visible_in_snapshot(x.xid, p_until)
        and (v_tenant is null or x.tenant_id = v_tenant)
        and (v_class is null or x.class = v_class)
        and (v_levels is null or x.level = any(v_levels))
        and (p_execution is null or x.execution_id = p_execution)
        and (p_correlation is null or x.correlation_id = p_correlation)
        and (p_request is null or x.request_id = p_request)
        and (
            v_text is null
            or (to_tsvector('simple', x.message) || jsonb_to_tsvector('simple', x.context, '["string", "numeric"]'))
            @@ v_text
        )
        and (p_after is null or x.id > p_after)
    order by x.id
    limit p_limit;
end;
$$;
revoke execute on function aias.follow_logs(
    pg_snapshot, pg_snapshot, uuid, text, uuid, text, text, text, uuid, integer
) from public;
grant execute on function aias.follow_logs(
    pg_snapshot, pg_snapshot, uuid, text, uuid, text, text, text, uuid, integer
) to aias_app, aias_admin, aias_worker, aias_analyst;
comment on function aias.follow_logs(
    pg_snapshot, pg_snapshot, uuid, text, uuid, text, text, text, uuid, integer
) is
'A page of the log records that were committed between two snapshots, each once, the oldest first, narrowed by what is given.';
