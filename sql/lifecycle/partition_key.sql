-- aias_private.partition_key: by which column a table is partitioned; null where it is not, or not by range.
create or replace function aias_private.partition_key(p_table text)
returns name
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select a.attname
    from pg_catalog.pg_partitioned_table as p
    inner join pg_catalog.pg_attribute as a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
    where p.partrelid = format('aias_private.%I', p_table)::regclass and p.partstrat = 'r'
$$;
revoke execute on function aias_private.partition_key(text) from public;
comment on function aias_private.partition_key(text) is 'The column whose ranges are the partitions of a table.';
