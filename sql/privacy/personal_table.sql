-- aias_private.personal_table: the table that a declaration names; null where it is not there.
create or replace function aias_private.personal_table(
    p_name text
)
returns regclass
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select to_regclass(case when p_name like '%.%' then p_name else format('aias_private.%I', p_name) end)
$$;
revoke execute on function aias_private.personal_table(text) from public;
comment on function aias_private.personal_table(text) is 'The table that a declaration of personal data names.';
