-- aias.unload_archive: drop the table that an archive was brought back into.
--
-- Promise   the archive itself stays as it is. False: it was not brought back. Audited.
-- Locks     waits for whoever reads the table.
-- Errors    JR404 no such archive.
-- requires: aias_private.restored_name
-- requires: aias_private.record_audit
create or replace function aias.unload_archive(p_archive uuid)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_table text;
begin
    select format('aias_archive.%I', aias_private.restored_name(a.partition_name, a.part))
    into v_table
    from aias_private.archives as a
    where a.id = p_archive;
    if not found then
        raise exception 'no archive %', p_archive using errcode = 'JR404', column = 'p_archive';
    end if;
    if to_regclass(v_table) is null then
        return false;
    end if;
    execute format('drop table %s', v_table);
    perform aias_private.record_audit(
        null, 'archive.unloaded', 'archive', p_archive::text, jsonb_build_object('table', v_table)
    );
    return true;
end;
$$;
revoke execute on function aias.unload_archive(uuid) from public;
grant execute on function aias.unload_archive(uuid) to aias_admin;
comment on function aias.unload_archive(uuid) is
'Drops the table that an archive was brought back into; the archive stays. Says whether there was one.';
