-- aias_private.make_partition: make one partition of a growing table.
--
-- Caller    aias_private.ensure_partitions, and retention when rows outlive their partition.
-- Promise   it is as closed as the table (aias_private.close_partition) and has the storage settings of its default partition. p_bounds is what stands
--           behind PARTITION OF, written by the callers.
-- Locks     the table and its default partition exclusively, until the transaction ends.
-- Errors    check_violation where the default partition holds rows of the new one.
-- requires: aias_private.close_partition
create or replace function aias_private.make_partition(
    p_table text,
    p_partition text,
    p_bounds text
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    execute format(
        'create table aias_private.%I partition of aias_private.%I %s%s',
        p_partition,
        p_table,
        p_bounds,
        (
            select ' with (' || array_to_string(d.reloptions, ', ') || ')'
            from pg_catalog.pg_class as d
            where d.oid = to_regclass('aias_private.' || quote_ident(p_table || '_default'))
        )
    );
    perform aias_private.close_partition(p_table, p_partition);
end;
$$;
revoke execute on function aias_private.make_partition(text, text, text) from public;
comment on function aias_private.make_partition(text, text, text) is 'Makes one partition of a growing table, like its others.';
