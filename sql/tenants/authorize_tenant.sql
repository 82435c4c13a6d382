-- aias_private.authorize_tenant: refuse a caller who is confined to another tenant.
--
-- Errors    JR403 the caller does not see the tenant.
create or replace function aias_private.authorize_tenant(p_tenant uuid)
returns void
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not (
        aias_private.caller_sees_all()
        or p_tenant is not distinct from aias_private.caller_tenant()
    ) then
        raise exception 'the role % may not act for tenant %', aias_private.caller_role(), p_tenant
            using errcode = 'JR403', column = 'p_tenant';
    end if;
end;
$$;
revoke execute on function aias_private.authorize_tenant(uuid) from public;
comment on function aias_private.authorize_tenant(uuid) is 'Refuses a caller who is confined to another tenant.';
