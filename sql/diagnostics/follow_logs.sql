-- aias.follow_logs: the log records that were committed since a snapshot.
--
-- Caller    aias logs --follow, in a repeatable read transaction that asks for pg_current_snapshot() as well: that one is
--           the next call's p_since.
-- Promise   between two snapshots every record comes once, in whatever order the transactions committed. Narrowed as in
--           aias.find_logs. The oldest first.
-- Plan      logs_xid_idx from the oldest transaction on that p_since did not show.
-- Errors    JR422 p_level is none.
-- requires: aias_private.list_scope
create or replace function aias.follow_logs(
    p_since pg_snapshot,
    p_tenant uuid default null,
    p_level text default null,
    p_execution uuid default null,
    p_correlation text default null,
    p_request text default null,
    p_text text default null
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
    v_levels constant text[] := case p_level
        when 'info' then array['info', 'warning', 'error', 'critical']
        when 'warning' then array['warning', 'error', 'critical']
        when 'critical' then array['critical']
    end;
    v_text constant tsquery := websearch_to_tsquery('simple', p_text);
    v_oldest constant xid8 := pg_snapshot_xmin(p_since);
begin
    if p_level not in ('debug', 'info', 'warning', 'error', 'critical') then
        raise exception 'a level is debug, info, warning, error or critical, not %', quote_literal(p_level)
            using errcode = 'JR422', column = 'p_level';
    end if;
    select s.tenant_id into v_tenant from aias_private.list_scope(p_tenant, 1) as s;
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
    order by x.id;
end;
$$;
revoke execute on function aias.follow_logs(
    pg_snapshot, uuid, text, uuid, text, text, text
) from public;
grant execute on function aias.follow_logs(
    pg_snapshot, uuid, text, uuid, text, text, text
) to aias_app, aias_admin, aias_worker, aias_analyst;
comment on function aias.follow_logs(
    pg_snapshot, uuid, text, uuid, text, text, text
) is
'The log records that were committed since a snapshot, each once, the oldest first, narrowed by what is given.';
