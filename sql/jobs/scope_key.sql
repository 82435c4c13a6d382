-- aias_private.scope_key: what a caller names for a pause or a limit.
--
-- Caller    aias.pause, resume, set_limit, remove_limit.
-- Promise   the tenant (the nil UUID where there is none), the workflow's id, the stored name and the key that parked jobs carry.
--           A connection is named as its gate is. A workflow is named in the caller's tenant, or as tenant/workflow. A key is the caller's tenant's own; an
--           administrator's holds for all tenants together.
-- Errors    JR403 a lane or a task, and the caller is confined to a tenant; JR404 there is no such thing; JR422 the scope or the
--           name is not valid.
-- requires: aias_private.gate_key
-- requires: aias_private.nil_uuid
-- requires: aias_private.tenant_by_slug
create or replace function aias_private.scope_key(
    p_scope text,
    p_name text,
    p_scopes text[]
)
returns table (
    tenant_id uuid,
    workflow_id uuid,
    name text,
    key text
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_tenant uuid := aias_private.nil_uuid();
    v_name text := p_name;
begin
    if p_scope is null or p_scope <> all(p_scopes) then
        raise exception 'a scope is one of %, not %',
            array_to_string(p_scopes, ', '), coalesce(quote_literal(p_scope), 'null')
            using errcode = 'JR422', column = 'p_scope';
    end if;
    if p_name is null or octet_length(p_name) not between 1 and 255 then
        raise exception 'a name has 1 to 255 bytes, not %', coalesce(octet_length(p_name)::text, 'null')
            using errcode = 'JR422', column = 'p_name';
    end if;
    if p_scope in ('lane', 'task') and not aias_private.caller_sees_all() then
        raise exception 'a % is a matter for administrators', p_scope using errcode = 'JR403', column = 'p_scope';
    end if;
    case p_scope
        when 'lane' then
            if not exists (select from aias_private.lanes as l where l.name = p_name) then
                raise exception 'there is no lane %', quote_literal(p_name) using errcode = 'JR404', column = 'p_name';
            end if;
            key := 'lane:' || p_name;
        when 'task' then
            key := 'task:' || p_name;
        when 'tenant' then
            v_tenant := aias_private.tenant_by_slug(p_name);
            key := 'tenant:' || v_tenant;
        when 'workflow' then
            if p_name like '%/%' then
                v_tenant := aias_private.tenant_by_slug(split_part(p_name, '/', 1));
                v_name := substr(p_name, strpos(p_name, '/') + 1);
            else
                v_tenant := aias_private.caller_tenant();
                if v_tenant is null then
                    raise exception 'whose workflow is %: name it tenant/workflow', quote_literal(p_name)
                        using errcode = 'JR422', column = 'p_name';
                end if;
            end if;
            select w.id into workflow_id
            from aias_private.workflows as w
            where w.tenant_id = v_tenant and w.name = v_name and w.deleted_at is null;
            if not found then
                raise exception 'there is no workflow %', quote_literal(p_name)
                    using errcode = 'JR404', column = 'p_name';
            end if;
            key := 'workflow:' || workflow_id;
        when 'connection' then
            select g.tenant_id, g.name, 'connection:' || g.integration_id into v_tenant, v_name, key
            from aias_private.gate_key(p_name) as g;
            if key is null then
                raise exception 'whose connection is %: name it kind:tenant/connection', quote_literal(p_name)
                    using errcode = 'JR422', column = 'p_name';
            end if;
        else
            if not aias_private.caller_sees_all() then
                v_tenant := aias_private.caller_tenant();
                if v_tenant is null then
                    raise exception 'whose key is %: the caller acts for no tenant', quote_literal(p_name)
                        using errcode = 'JR403', column = 'p_name';
                end if;
            end if;
            key := 'key:' || v_tenant || ':' || p_name;
    end case;
    tenant_id := v_tenant;
    name := v_name;
    return next;
end;
$$;
revoke execute on function aias_private.scope_key(text, text, text[]) from public;
comment on function aias_private.scope_key(text, text, text[]) is 'What a caller names for a pause or a limit.';
