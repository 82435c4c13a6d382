-- aias_private.begin_restore: make the table that an archive is brought back into, and what its file is copied into.
--
-- Caller    aias.archive.restore_archive, which copies the file into pg_temp.archive_rows in the same transaction and then
--           calls aias_private.finish_restore: all of it happens or nothing.
-- Promise   aias_archive holds an empty table of the archived shape that only the owner may read. Returned is
--           where the file is.
-- Errors    JR404 no such archive; JR409 it is not verified, or is brought back already.
-- requires: aias_private.restored_name
create or replace function aias_private.begin_restore(p_archive uuid)
returns table (
    location text,
    schema jsonb
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_archive aias_private.archives;
    v_name text;
    v_columns text;
    v_loaded text;
begin
    select a.*
    into v_archive
    from aias_private.archives as a
    where a.id = p_archive
    for update;
    if not found then
        raise exception 'no archive %', p_archive using errcode = 'JR404', column = 'p_archive';
    end if;
    if v_archive.state <> 'verified' then
        raise exception 'archive % is %, not verified', p_archive, v_archive.state
            using errcode = 'JR409', column = 'p_archive';
    end if;
    v_name := aias_private.restored_name(v_archive.partition_name, v_archive.part);
    if to_regclass(format('aias_archive.%I', v_name)) is not null then
        raise exception 'archive % is brought back already: aias_archive.%', p_archive, v_name
            using errcode = 'JR409', column = 'p_archive';
    end if;
    select
        string_agg(
            format('%I %s%s', c.name, c.type, case when c.is_nullable then '' else ' not null' end),
            ', ' order by c.ordinal
        ),
        string_agg(
            format(
                '%I %s',
                c.name,
                case c.form
                    when 'timestamptz' then 'bigint'
                    when 'timestamp' then 'bigint'
                    when 'date' then 'integer'
                    when 'double' then 'double precision'
                    else c.form
                end
            ),
            ', ' order by c.ordinal
        )
    into v_columns, v_loaded
    from rows from (
        jsonb_to_recordset(v_archive.schema) as (name text, type text, form text, is_nullable boolean)
    ) with ordinality as c (name, type, form, is_nullable, ordinal);
    execute format('create table aias_archive.%I (%s)', v_name, v_columns);
    execute format('create temporary table archive_rows (%s) on commit drop', v_loaded);
    execute format('grant insert on pg_temp.archive_rows to %I', aias_private.caller_role());
    return query select v_archive.location, v_archive.schema;
end;
$$;
revoke execute on function aias_private.begin_restore(uuid) from public;
comment on function aias_private.begin_restore(uuid) is
'Makes an empty table of an archive''s shape, and a temporary one for its file to be copied into.';
