-- aias_private.archived_audit: which ids of the audit log lie in archives that were read back.
--
-- Caller    verify_audit: the rows of a seal within such a range may all be gone from the table.
-- Promise   the ranges of the verified archives of the audit log, from (inclusive) and to (exclusive); none where there are no archives;
--           and the table of aias_archive that it was brought back into, if it was.
create or replace function aias_private.archived_audit()
returns table (
    from_id uuid,
    to_id uuid,
    restored regclass
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    -- the table comes with the archive, which stands above this
    if to_regclass('aias_private.archives') is not null then
        return query execute
            'select r.from_id, r.to_id,'
            ' to_regclass(format(''aias_archive.%I'', aias_private.restored_name(r.partition_name, r.part)))'
            ' from aias_private.archives as r'
            ' where r.table_name = ''audit_log'' and r.state = ''verified''';
    end if;
end;
$$;
revoke execute on function aias_private.archived_audit() from public;
comment on function aias_private.archived_audit() is 'The ranges of ids of the audit log that are archived.';
