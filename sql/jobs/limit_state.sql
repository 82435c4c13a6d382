-- aias_private.limit_state: how many jobs may run under a key, and how many do.
--
-- Promise   no row when nothing limits the key's running jobs. Counted from the jobs themselves: nothing has to be kept in
--           step with them, and what a crash leaves behind counts until the sweep has put it back. A tenant's own limit
--           counts all its jobs, its plan those of executions.
-- Plan      aias_jobs_running_idx, aias_jobs_running_key_idx: what runs, never what waits.
create or replace function aias_private.limit_state(p_key text)
returns table (
    max_running integer,
    running_count integer
)
language plpgsql
stable
security definer
set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
    v_limit aias_private.limits;
    v_tenant uuid;
begin
    select l.* into v_limit
    from aias_private.limits as l
    where l.key = p_key and l.max_running is not null;
    if not found then
        if p_key not like 'tenant:%' then
            return;
        end if;
        v_tenant := substr(p_key, 8)::uuid;
        return query
        select
            p.concurrent_executions,
            (
                select count(*)::integer
                from procrastinate_jobs as j
                where j.status = 'doing' and j.tenant_id = v_tenant and j.workflow_id is not null
            )
        from aias_private.tenants as t
        inner join aias_private.plans as p on p.name = t.plan
        where t.id = v_tenant;
        return;
    end if;
    max_running := v_limit.max_running;
    case v_limit.scope
        when 'tenant' then
            select count(*) into running_count
            from procrastinate_jobs as j
            where j.status = 'doing' and j.tenant_id = v_limit.tenant_id;
        when 'workflow' then
            select count(*) into running_count
            from procrastinate_jobs as j
            where j.status = 'doing' and j.tenant_id = v_limit.tenant_id and j.workflow_id = v_limit.workflow_id;
        when 'connection' then
            select count(*) into running_count
            from aias_private.upstream_places as u
            where
                u.tenant_id = v_limit.tenant_id
                and u.integration_id = substr(v_limit.key, 12)::uuid
                and u.held_until > aias_private.now();
        else
            select count(*) into running_count
            from procrastinate_jobs as j
            where
                j.status = 'doing'
                and j.limit_key = v_limit.name
                and v_limit.tenant_id in (j.tenant_id, '00000000-0000-0000-0000-000000000000');
    end case;
    return next;
end;
$$;
revoke execute on function aias_private.limit_state(text) from public;
-- aias.limits calls it on behalf of whoever reads it
grant execute on function aias_private.limit_state(text) to aias_app, aias_worker, aias_analyst, aias_admin;
comment on function aias_private.limit_state(text) is 'How many jobs may run under a key, and how many do.';
