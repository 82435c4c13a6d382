-- aias_private.rows_checksum: count the rows of a table and add up their hashes.
--
-- Promise   two tables with the same columns and the same rows, in whatever order, give the same; one byte more, less
--           or different in any row does not. A row's text is, per column, the length in characters, a colon and the
--           canonical text, or N for null, and a comma; its hash the first 64 bits of the SHA-256 of that, signed; the
--           checksum is the plain sum. Whoever holds the file can compute it anew (aias/archive/rows.py does).
-- Plan      reads the whole table once.
-- requires: aias_private.archive_columns
create or replace function aias_private.rows_checksum(p_relation regclass)
returns table (
    row_count bigint,
    checksum numeric
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
set intervalstyle = 'postgres'
set bytea_output = 'hex'
set extra_float_digits = 1
as $$
declare
    v_text text;
begin
    select string_agg(
        format('coalesce(length(%1$s)::text || '':'' || %1$s, ''N'') || '',''', c.canonical),
        ' || ' order by c.ordinal
    )
    into v_text
    from aias_private.archive_columns(p_relation) as c;
    return query execute format(
        'select count(*), coalesce(sum('
        '(''x'' || encode(substring(sha256(convert_to(%s, ''UTF8'')) from 1 for 8), ''hex''))::bit(64)::bigint'
        '), 0) from %s',
        v_text,
        p_relation
    );
end;
$$;
revoke execute on function aias_private.rows_checksum(regclass) from public;
comment on function aias_private.rows_checksum(regclass) is
'How many rows a table has, and a sum that any difference in any row changes.';
