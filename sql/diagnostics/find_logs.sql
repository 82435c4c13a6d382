-- aias.find_logs: a page of the log, the newest first.
--
-- Promise   a confined caller finds its own tenant's only, whatever p_tenant says. Arguments that are null don't narrow.
--           p_level is the least severe level; p_text is what a web search takes ("two words", or, -not), in the message and
--           the fields; p_before is the last id of the page before.
-- Plan      the primary key (one tenant) or logs_id_idx from p_before on; logs_execution_idx, logs_correlation_idx;
--           p_text: logs_text_idx where the words are rare (it then costs what it finds), else the order by id with the
--           words looked at row by row. Months outside of p_since and p_until are not read, nor the other class for errors.
-- Errors    JR422 p_limit is out of range, p_level is none.
-- requires: aias_private.list_scope
-- requires: aias_private.log_levels
create or replace function aias.find_logs(
    p_tenant uuid default null,
    p_level text default null,
    p_execution uuid default null,
    p_correlation text default null,
    p_request text default null,
    p_since timestamptz default null,
    p_until timestamptz default null,
    p_text text default null,
    p_before uuid default null,
    p_limit integer default 50
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
    v_from constant uuid := aias_private.uuid7_floor(p_since);
    v_to constant uuid := aias_private.uuid7_floor(p_until);
begin
    select s.tenant_id into v_tenant from aias_private.list_scope(p_tenant, p_limit) as s;
    if not found then
        return;
    end if;
    return query
    select
        l.id,
        l.at,
        l.level,
        l.logger,
        l.message,
        t.slug,
        l.execution_id,
        l.step,
        l.job_id,
        l.correlation_id,
        l.trace_id,
        l.request_id,
        l.context,
        l.process
    from (
        select
            x.tenant_id,
            x.id,
            x.at,
            x.level,
            x.logger,
            x.message,
            x.execution_id,
            x.step,
            x.job_id,
            x.correlation_id,
            x.trace_id,
            x.request_id,
            x.context,
            x.process
        from aias_private.logs as x
        where
            (v_tenant is null or x.tenant_id = v_tenant)
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
            and (v_from is null or x.id >= v_from)
            and (v_to is null or x.id < v_to)
            and (p_before is null or x.id < p_before)
        order by x.id desc
        limit p_limit
    ) as l
    left join aias_private.tenants as t on l.tenant_id = t.id
    order by l.id desc;
end;
$$;
revoke execute on function aias.find_logs(
    uuid, text, uuid, text, text, timestamptz, timestamptz, text, uuid, integer
) from public;
grant execute on function aias.find_logs(
    uuid, text, uuid, text, text, timestamptz, timestamptz, text, uuid, integer
) to aias_app, aias_admin, aias_worker, aias_analyst;
comment on function aias.find_logs(
    uuid, text, uuid, text, text, timestamptz, timestamptz, text, uuid, integer
) is
'A page of the log, the newest first, narrowed by what is given: least level, execution, correlation id, request, time, words.';
