-- aias_private.monthly_partitions: the partitions of a growing table by month, the oldest first.
--
-- Promise   row_estimate is the planner's (as of the last analyze); a partition that was never analyzed is counted where it is small
--           and else taken to hold a row per 100 bytes. The default partition is not among them.
create or replace function aias_private.monthly_partitions(p_table text)
returns table (
    partition_name text,
    from_at timestamptz,
    to_at timestamptz,
    row_estimate bigint,
    byte_count bigint
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_partition record;
begin
    for v_partition in
        select c.relname, c.oid, c.reltuples, right(c.relname, 7) as month
        from pg_catalog.pg_inherits as i
        inner join pg_catalog.pg_class as c on c.oid = i.inhrelid
        where
            i.inhparent = format('aias_private.%I', p_table)::regclass
            and c.relname ~ '_\d{4}_\d{2}$'
        order by c.relname
    loop
        partition_name := v_partition.relname;
        from_at := to_date(v_partition.month, 'YYYY_MM')::timestamp at time zone 'UTC';
        to_at := (to_date(v_partition.month, 'YYYY_MM')::timestamp + interval '1 month') at time zone 'UTC';
        byte_count := pg_total_relation_size(v_partition.oid);
        if v_partition.reltuples >= 0 then
            row_estimate := v_partition.reltuples;
        elsif pg_relation_size(v_partition.oid) > 8 * 1024 * 1024 then
            row_estimate := pg_relation_size(v_partition.oid) / 100;
        else
            execute format('select count(*) from aias_private.%I', v_partition.relname) into row_estimate;
        end if;
        return next;
    end loop;
end;
$$;
revoke execute on function aias_private.monthly_partitions(text) from public;
comment on function aias_private.monthly_partitions(text) is
'The monthly partitions of a table with their bounds, rows (estimated) and bytes.';
