-- aias_private.erase_rows: take a person out of the next rows of a table.
--
-- Caller    aias_private.erase_batch.
-- Promise   looks at no more than p_limit rows after p_after, in the order of the primary key; a row that is about the person goes, in
--           another the address and the id are replaced. Called again for the same rows it finds nothing.
-- Returns   the key of the last row looked at, null at the end of the table; how many rows were looked at, deleted, changed.
-- Locks     the rows that go or change.
-- requires: aias_private.personal_expressions
-- requires: aias_private.personal_table
-- requires: aias_private.personal_scope
create or replace function aias_private.erase_rows(
    p_name text,
    p_tenant uuid,
    p_is_global boolean,
    p_email_pattern text,
    p_id_pattern text,
    p_pseudonym text,
    p_after text[],
    p_limit integer
)
returns table (
    last_key text[],
    scanned_count bigint,
    deleted_count bigint,
    anonymized_count bigint
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_table constant regclass := aias_private.personal_table(p_name);
    v_scope constant text := aias_private.personal_scope(v_table, p_tenant, p_is_global);
    v_keys text;
    v_texts text;
    v_same text;
    v_bounds text;
    v_how record;
begin
    select x.* into v_how
    from aias_private.personal_expressions(v_table, p_name, p_email_pattern, p_id_pattern, p_pseudonym) as x;
    if v_scope is null or coalesce(v_how.goes, v_how.changes) is null then
        return query select null::text[], 0::bigint, 0::bigint, 0::bigint;
        return;
    end if;
    select
        string_agg(format('r.%I', a.attname), ', ' order by k.place),
        string_agg(format('p.%I::text', a.attname), ', ' order by k.place),
        string_agg(format('r.%1$I = p.%1$I', a.attname), ' and ' order by k.place),
        string_agg(format('%L::%s', p_after[k.place], format_type(a.atttypid, a.atttypmod)), ', ' order by k.place)
    into strict v_keys, v_texts, v_same, v_bounds
    from pg_catalog.pg_index as i
    cross join unnest(i.indkey::smallint[]) with ordinality as k (attnum, place)
    inner join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum
    where i.indrelid = v_table and i.indisprimary;
    return query execute format(
        'with page as materialized ('
        '    select %1$s, row_number() over (order by %1$s) as place, %2$s as goes, %3$s as changes'
        '    from (select r.* from %4$s as r where %5$s and %6$s order by %1$s limit %7$s) as r'
        '), gone as ('
        '    delete from %4$s as r using page as p where p.goes and %8$s returning 1'
        '), changed as ('
        '    update %4$s as r set %9$s from page as p where p.changes and not p.goes and %8$s returning 1'
        ') select'
        '    (select array[%10$s] from page as p where p.place = %7$s),'
        '    (select count(*) from page), (select count(*) from gone), (select count(*) from changed)',
        v_keys,
        coalesce(v_how.goes, 'false'),
        coalesce(v_how.changes, 'false'),
        v_table,
        v_scope,
        case when p_after is null then 'true' else format('(%s) > (%s)', v_keys, v_bounds) end,
        p_limit,
        v_same,
        -- nothing to replace: the update finds no row
        coalesce(v_how.assignments, (
            select format('%1$I = r.%1$I', a.attname) from pg_catalog.pg_attribute as a
            where a.attrelid = v_table and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = ''
            order by a.attnum limit 1
        )),
        v_texts
    );
end;
$$;
revoke execute on function
aias_private.erase_rows(text, uuid, boolean, text, text, text, text[], integer) from public;
comment on function aias_private.erase_rows(text, uuid, boolean, text, text, text, text[], integer) is
'Takes a person out of the next rows of a table; gives the key of the last row, null at the end.';
