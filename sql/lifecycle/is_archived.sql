-- aias_private.is_archived: whether a partition lies in the archive and was read back.
--
-- Promise   false where there is no archive.
create or replace function aias_private.is_archived(
    p_table text,
    p_partition text
)
returns boolean
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_is_verified boolean;
begin
    if to_regclass('aias_private.archives') is null then
        return false;
    end if;
    -- in words, since the table may not be there
    execute
        'select exists (select from aias_private.archives as a'
        ' where a.table_name = $1 and a.partition_name = $2 and a.state = ''verified'')'
    into v_is_verified
    using p_table, p_partition;
    return v_is_verified;
end;
$$;
revoke execute on function aias_private.is_archived(text, text) from public;
comment on function aias_private.is_archived(text, text) is 'Whether a partition lies in the archive, verified.';
