-- aias_private.finish_restore: give what was copied the types that it had, and let it be read if it is what was archived.
--
-- Caller    aias.archive.restore_archive, in the transaction of aias_private.begin_restore.
-- Promise   the table in aias_archive held row for row what was archived (its checksum says so) before those who were erased
--           since were taken out of it; only then analysts and administrators may read it. One with a tenant_id has
--           the row security of the table that it came from. Audited.
-- Errors    JR404 no such archive; JR409 the rows are not those that were archived.
-- requires: aias_private.rows_checksum
-- requires: aias_private.restored_name
-- requires: aias_private.record_audit
-- requires: aias_private.apply_erasures
create or replace function aias_private.finish_restore(p_archive uuid)
returns table (
    table_name text,
    row_count bigint,
    erased_count bigint,
    anonymized_count bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_archive aias_private.archives;
    v_table text;
    v_values text;
    v_found record;
    v_erased record;
begin
    select a.*
    into v_archive
    from aias_private.archives as a
    where a.id = p_archive;
    if not found then
        raise exception 'no archive %', p_archive using errcode = 'JR404', column = 'p_archive';
    end if;
    v_table := format('aias_archive.%I', aias_private.restored_name(v_archive.partition_name, v_archive.part));
    -- days and microseconds apart: each is exact as an interval, all of it as seconds would not be
    select string_agg(
        case
            when c.form in ('timestamptz', 'timestamp') then format(
                'case %1$I when 9223372036854775807 then ''infinity'' when -9223372036854775807 then ''-infinity'''
                ' else (timestamp ''1970-01-01'' + make_interval(days => (%1$I / 86400000000)::integer)'
                ' + (%1$I %% 86400000000) * interval ''1 microsecond'')%2$s end',
                c.name,
                case c.form when 'timestamptz' then ' at time zone ''UTC''' else '' end
            )
            when c.form = 'date' then format(
                'case %1$I when 2147483647 then ''infinity'' when -2147483647 then ''-infinity'''
                ' else date ''1970-01-01'' + %1$I end',
                c.name
            )
            when c.form = 'text' then format('%I::%s', c.name, c.type)
            else format('%I', c.name)
        end,
        ', ' order by c.ordinal
    )
    into v_values
    from rows from (
        jsonb_to_recordset(v_archive.schema) as (name text, type text, form text, is_nullable boolean)
    ) with ordinality as c (name, type, form, is_nullable, ordinal);
    execute format('insert into %s select %s from pg_temp.archive_rows', v_table, v_values);
    select r.row_count, r.checksum
    into v_found
    from aias_private.rows_checksum(v_table::regclass) as r;
    if (v_found.row_count, v_found.checksum) is distinct from (v_archive.row_count, v_archive.checksum) then
        raise exception '% does not hold what was archived: % rows with checksum %, not % with %',
            v_archive.location, v_found.row_count, v_found.checksum, v_archive.row_count, v_archive.checksum
            using errcode = 'JR409', column = 'p_archive';
    end if;
    select e.deleted_count, e.anonymized_count
    into v_erased
    from aias_private.apply_erasures(v_table::regclass) as e;
    if exists (
        select from pg_catalog.pg_attribute as a
        where a.attrelid = v_table::regclass and a.attname = 'tenant_id' and a.atttypid = 'uuid'::regtype
    ) then
        execute format('alter table %s enable row level security', v_table);
        execute format('alter table %s force row level security', v_table);
        execute format(
            'create policy tenant_isolation on %s'
            ' using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()))',
            v_table
        );
    end if;
    execute format(
        'comment on table %s is %L',
        v_table,
        format(
            'Brought back from %s: the rows as they were when they were archived, without those who were erased since.',
            v_archive.location
        )
    );
    execute format('grant select on %s to aias_analyst, aias_admin', v_table);
    perform aias_private.record_audit(
        null,
        'archive.restored',
        'archive',
        p_archive::text,
        jsonb_build_object(
            'table', v_table,
            'rows', v_archive.row_count,
            'erased', v_erased.deleted_count,
            'anonymized', v_erased.anonymized_count
        )
    );
    return query
    select
        v_table,
        v_archive.row_count - v_erased.deleted_count,
        v_erased.deleted_count,
        v_erased.anonymized_count;
end;
$$;
revoke execute on function aias_private.finish_restore(uuid) from public;
comment on function aias_private.finish_restore(uuid) is
'Checks the rows that were brought back against what was archived, and lets analysts read them.';
