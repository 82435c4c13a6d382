-- aias_private.personal_expressions: SQL that finds a person in a row `r` of a table, and takes the person out.
--
-- Promise   made from the declarations for users and from the columns that the table has. `goes`: the row is deleted; `changes`: something
--           in it is replaced, by `assignments`; `found`: an object of what holds the person, for an export (also where it is kept). Each is
--           null where nothing is declared. Every value is quoted.
-- requires: aias_private.scrub_person
create or replace function aias_private.personal_expressions(
    p_table regclass,
    p_name text,
    p_email_pattern text,
    p_id_pattern text,
    p_pseudonym text,
    out goes text,
    out changes text,
    out assignments text,
    out found text
)
returns record
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with declared as (
        select
            d.action,
            d.path,
            d.column_name,
            a.atttypid,
            case
                when a.atttypid = 'bytea'::regtype then format('encode(r.%I, ''escape'')', d.column_name)
                when d.path <> '{}' then format('(r.%I #> %L)::text', d.column_name, d.path)
                else format('r.%I::text', d.column_name)
            end as told,
            concat_ws('|', p_email_pattern, p_id_pattern) as pattern
        from aias_private.personal_data as d
        inner join pg_catalog.pg_attribute as a
            on a.attrelid = p_table and a.attname = d.column_name and a.attnum > 0 and not a.attisdropped
        where d.table_name = p_name and d.kind = 'user'
    ),

    -- one after the other where several places of one column are declared
    scrubbed as (
        select
            d.column_name,
            case
                when bool_or(d.path = '{}') then format(
                    'aias_private.scrub_person(r.%I::text, %L, %L, %L)::%s',
                    d.column_name, p_email_pattern, p_id_pattern, p_pseudonym, format_type(min(d.atttypid::oid), null)
                )
                else 'coalesce(' || repeat('jsonb_set(', count(*)::integer) || format('r.%I', d.column_name) || string_agg(format(
                    ', %L, coalesce(aias_private.scrub_person(%s, %L, %L, %L)::jsonb, ''null''), false)',
                    d.path, d.told, p_email_pattern, p_id_pattern, p_pseudonym
                ), '') || format(', r.%I)', d.column_name)
            end as value
        from declared as d
        where d.action = 'anonymize'
        group by d.column_name
    )

    select
        string_agg(format('coalesce(%s ~* %L, false)', d.told, d.pattern), ' or ') filter (where d.action = 'delete'),
        string_agg(format('coalesce(%s ~* %L, false)', d.told, d.pattern), ' or ') filter (where d.action = 'anonymize'),
        (select string_agg(format('%I = %s', s.column_name, s.value), ', ') from scrubbed as s),
        'jsonb_strip_nulls(jsonb_build_object(' || string_agg(
            format('%L, case when %s ~* %L then %s end', d.column_name, d.told, d.pattern,
                case when d.atttypid = 'bytea'::regtype then d.told else format('to_jsonb(r.%I)', d.column_name) end),
            ', '
        ) || '))'
    from declared as d
$$;
revoke execute on function aias_private.personal_expressions(regclass, text, text, text, text) from public;
comment on function aias_private.personal_expressions(regclass, text, text, text, text) is
'SQL that finds a person in the rows of a table, and takes the person out.';
