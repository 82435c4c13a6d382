-- aias_private.tenant_by_slug: the tenant that a caller names.
--
-- Promise   a confined caller finds its own tenant only; another one is as absent as one that does not exist.
-- Errors    JR404 no such tenant.
create or replace function aias_private.tenant_by_slug(p_slug text)
returns uuid
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id uuid;
begin
    select t.id into v_id from aias_private.tenants as t where t.slug = p_slug;
    if v_id is null
        or not (
            aias_private.caller_sees_all()
            or v_id is not distinct from aias_private.caller_tenant()
        )
    then
        raise exception 'there is no tenant %', coalesce(quote_literal(p_slug), 'null')
            using errcode = 'JR404', column = 'p_tenant';
    end if;
    return v_id;
end;
$$;
revoke execute on function aias_private.tenant_by_slug(text) from public;
comment on function aias_private.tenant_by_slug(text) is 'The id of the tenant that the caller names and may see.';
