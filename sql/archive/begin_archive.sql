-- aias_private.begin_archive: say what is to be archived, and whether it is already.
--
-- Caller    aias.archive.archive_partition, holding aias_private.lock_archive.
-- Promise   state written or verified: the archive is of exactly the rows that the partition has now, and its file is only
--           to be read back (p_is_anew: that failed, it is to be written again). State writing: its file is to be written,
--           anew where an earlier run was interrupted or rows have changed since. What was archived from another partition
--           of the same name is never written over: the new rows become its next part.
-- Errors    JR404 no such partition; JR422 it is a default partition, which is drained and never dropped.
-- requires: aias_private.rows_checksum
create or replace function aias_private.begin_archive(p_table text, p_partition text, p_root text, p_is_anew boolean)
returns table (
    id uuid,
    state text,
    part integer
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_relation constant oid := to_regclass(format('aias_private.%I', p_partition));
    v_bounds text;
    v_range text[];
    v_archive aias_private.archives;
    v_part integer := 1;
begin
    select coalesce(pg_get_expr(c.relpartbound, c.oid), '')
    into v_bounds
    from pg_catalog.pg_class as c
    where
        c.oid = v_relation
        and c.relkind = 'r'
        and starts_with(c.relname, p_table || '_')
        and exists (
            select from pg_catalog.pg_class as t
            where t.oid = to_regclass(format('aias_private.%I', p_table)) and t.relkind = 'p'
        )
        -- its own, or one that was detached
        and not exists (
            select from pg_catalog.pg_inherits as i
            where i.inhrelid = c.oid and i.inhparent <> to_regclass(format('aias_private.%I', p_table))
        );
    if not found then
        raise exception 'table % has no partition %', p_table, p_partition
            using errcode = 'JR404', column = 'p_partition';
    end if;
    if v_bounds = 'DEFAULT' then
        raise exception 'partition % is the default one: it is drained, not archived', p_partition
            using errcode = 'JR422', column = 'p_partition';
    end if;
    v_range := regexp_match(v_bounds, 'FROM \(''([0-9a-f-]{36})''\) TO \(''([0-9a-f-]{36})''\)');
    select a.*
    into v_archive
    from aias_private.archives as a
    where a.table_name = p_table and a.partition_name = p_partition
    order by a.part desc
    limit 1
    for update;
    if found then
        v_part := v_archive.part;
        if v_archive.state <> 'writing' and exists (
            select from aias_private.rows_checksum(v_relation::regclass) as r
            where r.row_count = v_archive.row_count and r.checksum = v_archive.checksum
        ) then
            if not p_is_anew then
                return query select v_archive.id, v_archive.state, v_archive.part;
                return;
            end if;
        elsif v_archive.state = 'verified' and v_archive.partition_oid <> v_relation then
            v_part := v_part + 1;
        end if;
    end if;
    return query
    insert into aias_private.archives as a (
        table_name, partition_name, part, partition_oid, from_id, to_id, schema, location
    )
    values (
        p_table,
        p_partition,
        v_part,
        v_relation,
        v_range[1]::uuid,
        v_range[2]::uuid,
        (
            select jsonb_agg(
                jsonb_build_object('name', c.name, 'type', c.type, 'form', c.form, 'is_nullable', c.is_nullable)
                order by c.ordinal
            )
            from aias_private.archive_columns(v_relation::regclass) as c
        ),
        format(
            '%s/%s/%s%s.parquet', rtrim(p_root, '/'), p_table, p_partition, case when v_part > 1 then '.' || v_part else '' end
        )
    )
    on conflict on constraint archives_partition_key do update
    set
        partition_oid = excluded.partition_oid,
        from_id = coalesce(excluded.from_id, a.from_id),
        to_id = coalesce(excluded.to_id, a.to_id),
        schema = excluded.schema,
        location = excluded.location,
        state = 'writing',
        row_count = null,
        byte_count = null,
        sha256 = null,
        checksum = null,
        written_at = null,
        verified_at = null
    returning a.id, a.state, a.part;
end;
$$;
revoke execute on function aias_private.begin_archive(text, text, text, boolean) from public;
comment on function aias_private.begin_archive(text, text, text, boolean) is
'Notes that a partition is to be archived and where, or finds that all of it is.';
