-- aias_private.apply_erasures: take out of a restored table whoever was erased since it was archived.
--
-- Caller    the restore of an archive, in its transaction, before anybody may read the table.
-- Promise   the register knows people by hash only: every address and every id that stands in the table's declared columns is hashed and
--           looked up. A table is known by its name: that of a declared table, alone or with what follows an underscore
--           (executions_2026_01, part_2_of_executions_2026_01). Of another nothing is known: it has to be declared.
-- Returns   how many rows went and how many changed; none where there is no table.
-- requires: aias_private.personal_expressions
-- requires: aias_private.person_pattern
create or replace function aias_private.apply_erasures(
    p_table regclass,
    out deleted_count bigint,
    out anonymized_count bigint
)
returns record
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_relation text;
    v_name text;
    v_column text;
    v_found record;
    v_how record;
    v_scope text;
    v_count bigint;
    v_tokens text[] := '{}';
    v_more text[];
begin
    deleted_count := 0;
    anonymized_count := 0;
    if p_table is null then
        return;
    end if;
    select regexp_replace(c.relname, '^part_[0-9]+_of_', '') into strict v_relation
    from pg_catalog.pg_class as c
    where c.oid = p_table;
    select d.table_name into v_name
    from aias_private.personal_data as d
    where d.kind = 'user' and (v_relation = d.table_name or starts_with(v_relation, d.table_name || '_'))
    order by length(d.table_name) desc
    limit 1;
    if v_name is null then
        return;
    end if;
    for v_column in
        select distinct d.column_name
        from aias_private.personal_data as d
        inner join pg_catalog.pg_attribute as a
            on a.attrelid = p_table and a.attname = d.column_name and a.attnum > 0 and not a.attisdropped
        where
            d.table_name = v_name
            and d.kind = 'user'
            and d.action in ('delete', 'anonymize')
            and a.atttypid <> 'bytea'::regtype
    loop
        execute format(
            'select coalesce(array_agg(distinct lower(replace(m.hit[1], ''%%40'', ''@''))), ''{}'') from %s as r'
            ' cross join regexp_matches(r.%I::text, %L, ''gi'') as m (hit)',
            p_table,
            v_column,
            '(?:\\[nrtbf]|\\u[0-9a-f]{4}|%(?!40)[0-9a-f]{2})?'
            '([^[:space:]"''\\<>(),;:@=&?/%[\]{}]+(?:@|%40)[[:alnum:].-]*[[:alnum:]]'
            '|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})'
        )
        into v_more;
        v_tokens := v_tokens || v_more;
    end loop;
    for v_found in
        select distinct
            e.tenant_id,
            e.pseudonym,
            t.token,
            e.email_hash = t.hash as is_email
        from (
            select
                u.token,
                sha256(convert_to(u.token, 'UTF8')) as hash
            from (select distinct unnest(v_tokens)) as u (token)
        ) as t
        inner join aias_private.erasures as e on t.hash in (e.subject_hash, e.email_hash)
    loop
        select x.* into v_how
        from aias_private.personal_expressions(
            p_table,
            v_name,
            case when v_found.is_email then aias_private.person_pattern(v_found.token) end,
            case when not v_found.is_email then aias_private.person_pattern(v_found.token) end,
            v_found.pseudonym
        ) as x;
        v_scope := case
            when exists (
                select from pg_catalog.pg_attribute as a
                where a.attrelid = p_table and a.attname = 'tenant_id' and not a.attisdropped
            )
            then format(
                '(r.tenant_id in (%L, ''00000000-0000-0000-0000-000000000000'') or r.tenant_id is null)', v_found.tenant_id
            )
            else 'true'
        end;
        if v_how.goes is not null then
            execute format('delete from %s as r where %s and (%s)', p_table, v_scope, v_how.goes);
            get diagnostics v_count = row_count;
            deleted_count := deleted_count + v_count;
        end if;
        if v_how.changes is not null then
            execute format(
                'update %s as r set %s where %s and (%s)', p_table, v_how.assignments, v_scope, v_how.changes
            );
            get diagnostics v_count = row_count;
            anonymized_count := anonymized_count + v_count;
        end if;
    end loop;
end;
$$;
revoke execute on function aias_private.apply_erasures(regclass) from public;
comment on function aias_private.apply_erasures(regclass) is
'Takes out of a restored table whoever was erased since it was archived.';
