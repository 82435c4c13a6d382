-- aias_private.recipient: who is meant by a tenant's slug, or by none: the operators.
--
-- Promise   the tenant's id, or the nil UUID for null. A caller who is confined to a tenant can't speak for the operators.
-- Errors    JR403 the caller is confined and names nobody; JR404 no such tenant.
-- requires: aias_private.nil_uuid
-- requires: aias_private.tenant_by_slug
create or replace function aias_private.recipient(p_slug text)
returns uuid
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_slug is not null then
        return aias_private.tenant_by_slug(p_slug);
    end if;
    if not aias_private.caller_sees_all() then
        raise exception 'the role % may not speak for the operators', aias_private.caller_role()
            using errcode = 'JR403', column = 'p_tenant';
    end if;
    return aias_private.nil_uuid();
end;
$$;
revoke execute on function aias_private.recipient(text) from public;
comment on function aias_private.recipient(text) is
'The tenant that a slug names; the nil UUID, for the operators, where there is none.';
