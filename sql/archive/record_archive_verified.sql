-- aias_private.record_archive_verified: compare what was read back with what was archived.
--
-- Promise   afterwards the archive is verified, and its partition may be dropped. Audited the first time.
-- Errors    JR404 no such archive; JR409 the file does not hold what was archived, or is not complete.
-- requires: aias_private.record_audit
create or replace function aias_private.record_archive_verified(
    p_archive uuid,
    p_row_count bigint,
    p_sha256 text,
    p_checksum numeric
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_archive aias_private.archives;
begin
    select a.*
    into v_archive
    from aias_private.archives as a
    where a.id = p_archive
    for update;
    if not found then
        raise exception 'no archive %', p_archive using errcode = 'JR404', column = 'p_archive';
    end if;
    if v_archive.state = 'writing' then
        raise exception 'archive % is not complete', p_archive using errcode = 'JR409', column = 'p_archive';
    end if;
    if (p_row_count, p_sha256, p_checksum)
        is distinct from (v_archive.row_count, v_archive.sha256, v_archive.checksum)
    then
        raise exception
            '% does not hold what was archived: % rows with checksum % in a file with SHA-256 %,'
            ' not % rows with checksum % and SHA-256 %',
            v_archive.location, p_row_count, p_checksum, p_sha256,
            v_archive.row_count, v_archive.checksum, v_archive.sha256
            using errcode = 'JR409', column = 'p_archive';
    end if;
    update aias_private.archives as a
    set
        state = 'verified',
        verified_at = aias_private.now()
    where a.id = p_archive;
    if v_archive.state = 'written' then
        perform aias_private.record_audit(
            null,
            'archive.verified',
            'archive',
            p_archive::text,
            jsonb_build_object(
                'table', v_archive.table_name,
                'partition', v_archive.partition_name,
                'part', v_archive.part,
                'location', v_archive.location,
                'rows', v_archive.row_count,
                'sha256', v_archive.sha256
            )
        );
    end if;
end;
$$;
revoke execute on function aias_private.record_archive_verified(uuid, bigint, text, numeric) from public;
comment on function aias_private.record_archive_verified(uuid, bigint, text, numeric) is
'Notes that an archive was read back and holds what was archived, or refuses it.';
