-- aias_private.is_archived: whether a verified archive holds exactly the rows that a partition has now.
--
-- Caller    whoever is about to drop the partition, when nobody writes to it any more (it is detached, or locked).
-- Plan      reads the partition once.
-- requires: aias_private.rows_checksum
create or replace function aias_private.is_archived(p_table text, p_partition text)
returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select exists (
        select
        from aias_private.archives as a
        cross join aias_private.rows_checksum(to_regclass(format('aias_private.%I', p_partition))) as r
        where
            a.table_name = p_table
            and a.partition_name = p_partition
            and a.state = 'verified'
            and a.row_count = r.row_count
            and a.checksum = r.checksum
    )
$$;
revoke execute on function aias_private.is_archived(text, text) from public;
comment on function aias_private.is_archived(text, text) is
'Whether all rows of a partition, as they are now, stand in a verified archive.';
