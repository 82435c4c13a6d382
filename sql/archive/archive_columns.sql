-- aias_private.archive_columns: how each column of a table is archived.
--
-- Promise   form is how the value stands in the file, value the expression that reads it as such, canonical its text for
--           the checksum (aias_private.rows_checksum; aias/archive/rows.py computes the same from the file). Times are
--           microseconds since 1970, with the two infinities at the ends of bigint, as DuckDB has them. What has
--           no form of its own is the text that PostgreSQL writes and reads back: jsonb, numeric, arrays, enums.
create or replace function aias_private.archive_columns(p_relation regclass)
returns table (
    ordinal integer,
    name text,
    type text,
    form text,
    is_nullable boolean,
    value text,
    canonical text
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select
        c.ordinal,
        c.name,
        c.type,
        c.form,
        c.is_nullable,
        v.value,
        case c.form
            when 'real' then format('encode(float4send(%I), ''hex'')', c.name)
            when 'double' then format('encode(float8send(%I), ''hex'')', c.name)
            when 'bytea' then format('encode(%I, ''hex'')', c.name)
            else format('(%s)::text', v.value)
        end
    from (
        select
            a.attnum::integer as ordinal,
            a.attname::text as name,
            format_type(a.atttypid, a.atttypmod) as type,
            case a.atttypid::regtype::text
                when 'timestamp with time zone' then 'timestamptz'
                when 'timestamp without time zone' then 'timestamp'
                when 'double precision' then 'double'
                when 'boolean' then 'boolean'
                when 'smallint' then 'smallint'
                when 'integer' then 'integer'
                when 'bigint' then 'bigint'
                when 'real' then 'real'
                when 'uuid' then 'uuid'
                when 'date' then 'date'
                when 'bytea' then 'bytea'
                else 'text'
            end as form,
            not a.attnotnull as is_nullable
        from pg_catalog.pg_attribute as a
        where a.attrelid = p_relation and a.attnum > 0 and not a.attisdropped
    ) as c
    cross join lateral (
        select case
            when c.form in ('timestamptz', 'timestamp') then format(
                'case when isfinite(%1$I) then (extract(epoch from %1$I) * 1000000)::bigint'
                ' when %1$I > ''epoch'' then 9223372036854775807'
                ' when %1$I < ''epoch'' then -9223372036854775807 end',
                c.name
            )
            when c.form = 'date' then format(
                'case when isfinite(%1$I) then %1$I - date ''1970-01-01'''
                ' when %1$I > ''epoch'' then 2147483647 when %1$I < ''epoch'' then -2147483647 end',
                c.name
            )
            when c.form = 'text' then format('%I::text', c.name)
            else format('%I', c.name)
        end as value
    ) as v
    order by c.ordinal
$$;
revoke execute on function aias_private.archive_columns(regclass) from public;
comment on function aias_private.archive_columns(regclass) is
'Says how each column of a table stands in an archive, and how its value is read.';
