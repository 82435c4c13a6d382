-- aias_private.oldest_partition: the first id that a table partitioned by its id has a partition for.
--
-- Promise   the nil UUID for a table without partitions: whatever is older than what this gives was dropped by retention, or
--           never there.
create or replace function aias_private.oldest_partition(p_table text)
returns uuid
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        min(substring(pg_get_expr(c.relpartbound, c.oid) from 'FROM \(''([0-9a-f-]{36})''\)')),
        '00000000-0000-0000-0000-000000000000'
    )::uuid
    from pg_catalog.pg_inherits as i
    inner join pg_catalog.pg_class as c on c.oid = i.inhrelid
    where i.inhparent = to_regclass(format('aias_private.%I', p_table))
$$;
revoke execute on function aias_private.oldest_partition(text) from public;
comment on function aias_private.oldest_partition(text) is
'The first id that a table has a partition for; the nil UUID where it has none.';
