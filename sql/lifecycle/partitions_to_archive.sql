-- aias_private.partitions_to_archive: what of a month has to be in the archive before it goes, and is not yet.
--
-- requires: aias_private.is_archived
create or replace function aias_private.partitions_to_archive(
    p_run uuid,
    p_item integer
)
returns table (
    table_name text,
    partition_name text
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    -- found first: what is gone can't be asked about
    with members as materialized (
        select i.table_name, i.object, i.position
        from aias_private.retention_items as i
        inner join aias_private.retention_items as u on u.run_id = i.run_id and u.unit = i.unit
        inner join aias_private.retention_policies as p on p.table_name = i.table_name
        where
            u.run_id = p_run
            and u.position = p_item
            and i.kind = 'partition'
            and p.action = 'archive'
            and to_regclass(format('aias_private.%I', i.object)) is not null
    )

    select m.table_name, m.object
    from members as m
    where not aias_private.is_archived(m.table_name, m.object)
    order by m.position
$$;
revoke execute on function aias_private.partitions_to_archive(uuid, integer) from public;
grant execute on function aias_private.partitions_to_archive(uuid, integer) to aias_worker, aias_admin;
comment on function aias_private.partitions_to_archive(uuid, integer) is
'The partitions of a month that have to be in the archive before it goes.';
