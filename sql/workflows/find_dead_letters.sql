-- aias.find_dead_letters: a page of dead letters, the newest first.
--
-- Caller    lists: the view aias.dead_letters shows the same, but is a barrier to the planner, which then reads and sorts
--           all of a tenant's letters for any page.
-- Promise   a confined caller finds its own tenant's only, whatever p_tenant says. Arguments that are null don't narrow.
--           p_before is the last id of the page before.
-- Plan      the primary key from p_before on; of one tenant's fuse dead_letters_fuse_idx.
-- Errors    JR422 p_limit is out of range.
-- requires: aias_private.list_scope
create or replace function aias.find_dead_letters(
    p_tenant uuid default null,
    p_is_open boolean default null,
    p_kind text default null,
    p_fuse uuid default null,
    p_before uuid default null,
    p_limit integer default 50
)
returns table (
    id uuid,
    tenant text,
    kind text,
    execution_id uuid,
    job_id bigint,
    reason text,
    error jsonb,
    created_at timestamptz,
    resolution text,
    resolved_at timestamptz,
    resolved_by text,
    resolved_reason text,
    fuse_id uuid
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
begin
    select s.tenant_id into v_tenant from aias_private.list_scope(p_tenant, p_limit) as s;
    if not found then
        return;
    end if;
    return query
    select
        d.id,
        t.slug,
        d.kind,
        d.execution_id,
        d.job_id,
        d.reason,
        d.error,
        d.created_at,
        d.resolution,
        d.resolved_at,
        d.resolved_by,
        d.resolved_reason,
        d.fuse_id
    from (
        select
            x.tenant_id,
            x.id,
            x.kind,
            x.execution_id,
            x.job_id,
            x.reason,
            x.error,
            x.created_at,
            x.resolution,
            x.resolved_at,
            x.resolved_by,
            x.resolved_reason,
            x.fuse_id
        from aias_private.dead_letters as x
        where
            (v_tenant is null or x.tenant_id = v_tenant)
            and (p_is_open is null or (x.resolution is null) = p_is_open)
            and (p_kind is null or x.kind = p_kind)
            and (p_fuse is null or x.fuse_id = p_fuse)
            and (p_before is null or x.id < p_before)
        order by x.id desc
        limit p_limit
    ) as d
    left join aias_private.tenants as t on d.tenant_id = t.id
    order by d.id desc;
end;
$$;
revoke execute on function aias.find_dead_letters(uuid, boolean, text, uuid, uuid, integer) from public;
grant execute on function aias.find_dead_letters(uuid, boolean, text, uuid, uuid, integer)
to aias_app, aias_admin, aias_worker, aias_analyst;
comment on function aias.find_dead_letters(uuid, boolean, text, uuid, uuid, integer) is
'A page of dead letters, the newest first, narrowed by what is given; without what is kept of each.';
