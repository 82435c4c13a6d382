-- aias_private.kept_condition: the SQL condition under which a row r of a table stays however old it is.
--
-- Promise   null for no row, as keep_where is. Written so that an index of what keep_where says serves it: what stays of a month
--           is found without reading the month, while the tables are locked. $1 is the array of tenants that keep their
--           rows (aias_private.kept_tenants). A table that follows another keeps what belongs to the other's kept rows.
--           Written from policies, which only migrations write.
create or replace function aias_private.kept_condition(p_table text)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_policy aias_private.retention_policies;
    v_condition text;
begin
    select p.* into strict v_policy from aias_private.retention_policies as p where p.table_name = p_table;
    if v_policy.follows is not null then
        return format(
            'exists (select from aias_private.%I as k where k.tenant_id = r.tenant_id and k.id = r.%I and %s)',
            v_policy.follows,
            aias_private.partition_key(p_table),
            regexp_replace(aias_private.kept_condition(v_policy.follows), '\mr\.', 'k.', 'g')
        );
    end if;
    v_condition := coalesce('(' || v_policy.keep_where || ')', 'false');
    if exists (
        select
        from pg_catalog.pg_attribute as a
        where a.attrelid = format('aias_private.%I', p_table)::regclass and a.attname = 'tenant_id'
    ) then
        return format('(%s or r.tenant_id = any($1))', v_condition);
    end if;
    -- names $1, so that callers can always pass it
    return format('(%s or $1::uuid[] is null)', v_condition);
end;
$$;
-- requires: aias_private.partition_key
revoke execute on function aias_private.kept_condition(text) from public;
comment on function aias_private.kept_condition(text) is 'The condition under which a row of a table stays however old it is.';
