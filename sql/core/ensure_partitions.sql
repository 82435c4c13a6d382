-- aias_private.ensure_partitions: make the monthly partitions from the current month on.
--
-- Caller    this file when it is applied, and the daily maintenance task.
-- Promise   every table of aias_private that is partitioned by range of a UUIDv7 has a partition for each of the
--           next months, with the triggers and privileges of the table and the storage settings of its default partition; calling again changes nothing. Rows of an uncovered month go to the default partition.
-- Locks     the default partition's, shortly; rows there that belong to a new partition make that one month fail
--           and be reported in `problem`, the others are made.
-- Errors    JR422 p_months_ahead is out of range.
-- requires: aias_private.make_partition
create or replace function aias_private.ensure_partitions(p_months_ahead integer)
returns table (
    partition_name text,
    problem text
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_month timestamptz;
    v_table record;
    v_now constant timestamptz := aias_private.now();
begin
    if p_months_ahead is null or p_months_ahead not between 0 and 120 then
        raise exception 'months ahead must lie between 0 and 120, not %', p_months_ahead
            using errcode = 'JR422', column = 'p_months_ahead';
    end if;
    for v_table in
        select c.relname
        from pg_catalog.pg_partitioned_table as p
        join pg_catalog.pg_class as c on c.oid = p.partrelid
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
        where n.nspname = 'aias_private' and p.partstrat = 'r'
        order by c.relname
    loop
        for v_offset in 0..p_months_ahead loop
            v_month := date_trunc('month', v_now, 'UTC') + make_interval(months => v_offset);
            partition_name := v_table.relname || to_char(v_month at time zone 'UTC', '_YYYY_MM');
            if to_regclass('aias_private.' || quote_ident(partition_name)) is not null then
                continue;
            end if;
            problem := null;
            begin
                perform aias_private.make_partition(
                    v_table.relname,
                    partition_name,
                    format(
                        'for values from (%L) to (%L)',
                        aias_private.uuid7_floor(v_month),
                        aias_private.uuid7_floor(v_month + interval '1 month')
                    )
                );
            exception
                when check_violation or lock_not_available then
                    problem := sqlerrm;
            end;
            return next;
        end loop;
    end loop;
end;
$$;
revoke execute on function aias_private.ensure_partitions(integer) from public;
comment on function aias_private.ensure_partitions(integer) is
'Makes the monthly partitions of every growing table for the months to come, and says what it made.';

select partition_name from aias_private.ensure_partitions(3);
