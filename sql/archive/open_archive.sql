-- aias_private.open_archive: open a cursor on the rows of the partition that an archive is of.
--
-- Caller    in a transaction of isolation repeatable read, so that the count, the checksum and the cursor speak of the
--           same rows, whoever writes meanwhile.
-- Promise   the cursor archive_rows gives the columns in their order, in the forms of the archive's schema. The
--           settings that the text of values depends on are set until the transaction ends.
-- Errors    JR404 no such archive, or its partition is gone.
-- requires: aias_private.rows_checksum
create or replace function aias_private.open_archive(p_archive uuid)
returns table (
    row_count bigint,
    checksum numeric
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_relation regclass;
    v_rows refcursor := 'archive_rows';
begin
    select c.oid::regclass
    into v_relation
    from aias_private.archives as a
    join pg_catalog.pg_class as c on a.partition_oid = c.oid
    where a.id = p_archive;
    if not found then
        raise exception 'no archive % with a partition', p_archive using errcode = 'JR404', column = 'p_archive';
    end if;
    perform
        set_config('timezone', 'UTC', true),
        set_config('datestyle', 'ISO, YMD', true),
        set_config('intervalstyle', 'postgres', true),
        set_config('extra_float_digits', '1', true);
    open v_rows no scroll for execute (
        select format('select %s from %s', string_agg(c.value, ', ' order by c.ordinal), v_relation)
        from aias_private.archive_columns(v_relation) as c
    );
    return query
    select r.row_count, r.checksum
    from aias_private.rows_checksum(v_relation) as r;
end;
$$;
revoke execute on function aias_private.open_archive(uuid) from public;
comment on function aias_private.open_archive(uuid) is
'Opens the cursor archive_rows on what is to be archived, and says what all of it adds up to.';
