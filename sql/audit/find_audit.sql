-- aias.find_audit: a page of the audit log, the newest first.
--
-- Caller    lists: the view aias.audit_log shows the same, but is a barrier to the planner, which then reads and sorts all
--           of a tenant's entries for any page.
-- Promise   a confined caller finds its own tenant's only, whatever p_tenant says. Arguments that are null don't narrow.
--           p_before is the last id of the page before.
-- Plan      the primary key (or audit_log_id_idx) from p_before on; audit_log_object_idx where an object is named.
-- Errors    JR422 p_limit is out of range.
-- requires: aias_private.nil_uuid
-- requires: aias_private.list_scope
create or replace function aias.find_audit(
    p_tenant uuid default null,
    p_action text default null,
    p_actor text default null,
    p_object_kind text default null,
    p_object_id text default null,
    p_request_id text default null,
    p_since timestamptz default null,
    p_until timestamptz default null,
    p_before uuid default null,
    p_limit integer default 50
)
returns table (
    id uuid,
    tenant text,
    at timestamptz,
    actor text,
    actor_kind text,
    action text,
    object_kind text,
    object_id text,
    detail jsonb,
    request_id text,
    address text,
    correlation_id text,
    trace_id text
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
        a.id,
        t.slug,
        a.at,
        a.actor,
        a.actor_kind,
        a.action,
        a.object_kind,
        a.object_id,
        a.detail,
        a.request_id,
        a.address,
        a.correlation_id,
        a.trace_id
    from (
        select
            x.tenant_id,
            x.id,
            x.at,
            x.actor,
            x.actor_kind,
            x.action,
            x.object_kind,
            x.object_id,
            x.detail,
            x.request_id,
            x.address,
            x.correlation_id,
            x.trace_id
        from aias_private.audit_log as x
        where
            (v_tenant is null or x.tenant_id = v_tenant)
            and (p_action is null or x.action = p_action)
            and (p_actor is null or x.actor = p_actor)
            and (p_object_kind is null or x.object_kind = p_object_kind)
            and (p_object_id is null or x.object_id = p_object_id)
            and (p_request_id is null or x.request_id = p_request_id)
            and (p_since is null or x.at >= p_since)
            and (p_until is null or x.at < p_until)
            and (p_before is null or x.id < p_before)
        order by x.id desc
        limit p_limit
    ) as a
    left join aias_private.tenants as t on a.tenant_id = t.id
    order by a.id desc;
end;
$$;
revoke execute on function aias.find_audit(
    uuid, text, text, text, text, text, timestamptz, timestamptz, uuid, integer
) from public;
grant execute on function aias.find_audit(
    uuid, text, text, text, text, text, timestamptz, timestamptz, uuid, integer
) to aias_app, aias_admin, aias_worker, aias_analyst;
comment on function aias.find_audit(
    uuid, text, text, text, text, text, timestamptz, timestamptz, uuid, integer
) is
'A page of the audit log, the newest first, narrowed by what is given. Fast however long it is.';
