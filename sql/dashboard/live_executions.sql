-- aias.live_executions: how many executions are queued, running and waiting.
--
-- Promise   a confined caller's own, whatever p_tenant says; counted up to p_most for each state, no further.
-- Plan      executions_live_idx, which holds nothing else.
-- Errors    JR422 p_most is out of range.
-- requires: aias_private.list_scope
create or replace function aias.live_executions(
    p_tenant uuid default null,
    p_most integer default 10000
)
returns table (
    status text,
    execution_count bigint
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    v_scope record;
begin
    select s.tenant_id into v_scope from aias_private.list_scope(p_tenant, p_most) as s;
    if not found then
        return;
    end if;
    return query
    select
        one.status,
        (
            select count(*)
            from (
                select
                from aias_private.executions as e
                where
                    e.status = one.status
                    and e.status in ('queued', 'running', 'waiting')
                    and (v_scope.tenant_id is null or e.tenant_id = v_scope.tenant_id)
                limit p_most
            ) as counted
        )
    from unnest(array['queued', 'running', 'waiting']) as one(status);
end;
$$;
revoke execute on function aias.live_executions(uuid, integer) from public;
grant execute on function aias.live_executions(uuid, integer) to aias_app, aias_worker, aias_analyst, aias_admin;
comment on function aias.live_executions(uuid, integer) is
'How many executions are queued, running and waiting now, counted up to a bound.';
