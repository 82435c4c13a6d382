-- aias.find_errors: a page of groups of errors, what came last first.
--
-- Promise   a confined caller finds its own tenant's part only, whatever p_tenant says; with p_tenant first, last and count are
--           that tenant's. Arguments that are null don't narrow. p_before_at and p_before are where the page before ended.
--           A group that comes again while a list is read moves to its front.
-- Plan      error_groups_last_seen_idx, or the tenant's rows by error_tenants_pkey.
-- Errors    JR422 p_limit is out of range.
-- requires: aias_private.list_scope
create or replace function aias.find_errors(
    p_tenant uuid default null,
    p_status text default null,
    p_since timestamptz default null,
    p_before_at timestamptz default null,
    p_before uuid default null,
    p_limit integer default 50
)
returns table (
    id uuid,
    type text,
    message text,
    frames text[],
    status text,
    first_seen_at timestamptz,
    last_seen_at timestamptz,
    failure_count bigint,
    tenant_count bigint,
    reopened_at timestamptz,
    reopen_count integer
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
    if v_tenant is null then
        return query
        select
            g.id,
            g.type,
            g.message,
            g.frames,
            g.status,
            g.first_seen_at,
            g.last_seen_at,
            g.failure_count,
            (select count(*) from aias_private.error_tenants as e where e.group_id = g.id),
            g.reopened_at,
            g.reopen_count
        from aias_private.error_groups as g
        where
            (p_status is null or g.status = p_status)
            and (p_since is null or g.last_seen_at >= p_since)
            and (p_before_at is null or (g.last_seen_at, g.id) < (p_before_at, p_before))
        order by g.last_seen_at desc, g.id desc
        limit p_limit;
    else
        return query
        select
            g.id,
            g.type,
            g.message,
            g.frames,
            g.status,
            e.first_seen_at,
            e.last_seen_at,
            e.failure_count,
            1::bigint,
            g.reopened_at,
            g.reopen_count
        from aias_private.error_tenants as e
        inner join aias_private.error_groups as g on g.id = e.group_id
        where
            e.tenant_id = v_tenant
            and (p_status is null or g.status = p_status)
            and (p_since is null or e.last_seen_at >= p_since)
            and (p_before_at is null or (e.last_seen_at, g.id) < (p_before_at, p_before))
        order by e.last_seen_at desc, g.id desc
        limit p_limit;
    end if;
end;
$$;
revoke execute on function aias.find_errors(uuid, text, timestamptz, timestamptz, uuid, integer) from public;
grant execute on function aias.find_errors(uuid, text, timestamptz, timestamptz, uuid, integer)
to aias_app, aias_admin, aias_worker, aias_analyst;
comment on function aias.find_errors(uuid, text, timestamptz, timestamptz, uuid, integer) is
'A page of groups of errors, what came last first, narrowed by tenant, status and time.';
