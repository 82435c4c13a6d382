-- aias_private.restored_name: the table of aias_archive that an archive is brought back into.
--
-- Promise   ends in _YYYY_MM as partitions do: what ends so in aias_archive is data, no part of the schema.
create or replace function aias_private.restored_name(p_partition text, p_part integer)
returns text
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select case when p_part > 1 then 'part_' || p_part || '_of_' else '' end || p_partition
$$;
revoke execute on function aias_private.restored_name(text, integer) from public;
-- the view calls it on behalf of whoever reads it
grant execute on function aias_private.restored_name(text, integer) to aias_worker, aias_analyst, aias_admin;
comment on function aias_private.restored_name(text, integer) is 'Names the table that an archive is brought back into.';
