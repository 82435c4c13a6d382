-- aias_private.personal_scope: the SQL condition on a row `r` that it belongs to a tenant, or (p_is_global) to none.
--
-- Promise   null where the table can hold no such row: a table without tenant_id has global rows only.
create or replace function aias_private.personal_scope(
    p_table regclass,
    p_tenant uuid,
    p_is_global boolean
)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select case
        when not exists (
            select from pg_catalog.pg_attribute as a
            where a.attrelid = p_table and a.attname = 'tenant_id' and not a.attisdropped
        ) then case when p_is_global then 'true' end
        when not p_is_global then format('r.tenant_id = %L::uuid', p_tenant)
        when exists (
            select from pg_catalog.pg_attribute as a
            where a.attrelid = p_table and a.attname = 'tenant_id' and not a.attnotnull
        ) then 'r.tenant_id is null'
        else 'r.tenant_id = ''00000000-0000-0000-0000-000000000000''::uuid'
    end
$$;
revoke execute on function aias_private.personal_scope(regclass, uuid, boolean) from public;
comment on function aias_private.personal_scope(regclass, uuid, boolean) is
'The SQL condition on a row that it belongs to a tenant, or to none.';
