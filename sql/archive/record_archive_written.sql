-- aias_private.record_archive_written: note what a file that is complete must hold.
--
-- Errors    JR409 the archive is not being written.
create or replace function aias_private.record_archive_written(
    p_archive uuid,
    p_row_count bigint,
    p_byte_count bigint,
    p_sha256 text,
    p_checksum numeric
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update aias_private.archives as a
    set
        state = 'written',
        row_count = p_row_count,
        byte_count = p_byte_count,
        sha256 = p_sha256,
        checksum = p_checksum,
        written_at = aias_private.now()
    where a.id = p_archive and a.state = 'writing';
    if not found then
        raise exception 'archive % is not being written', p_archive using errcode = 'JR409', column = 'p_archive';
    end if;
end;
$$;
revoke execute on function aias_private.record_archive_written(uuid, bigint, bigint, text, numeric) from public;
comment on function aias_private.record_archive_written(uuid, bigint, bigint, text, numeric) is
'Notes that an archive''s file is complete, and what it holds.';
