-- aias_private.nil_uuid: the tenant_id of rows that belong to no tenant.
--
-- Why       keys start with tenant_id, so it can't be null.
create or replace function aias_private.nil_uuid()
returns uuid
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select '00000000-0000-0000-0000-000000000000'::uuid
$$;
revoke execute on function aias_private.nil_uuid() from public;
-- views call it on behalf of whoever reads them
grant execute on function aias_private.nil_uuid() to aias_app, aias_worker, aias_analyst, aias_admin;
comment on function aias_private.nil_uuid() is 'The tenant_id of rows that belong to no tenant.';
