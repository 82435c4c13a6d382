-- aias_private.index_bloat: indexes that are more than twice as large as their entries need.
--
-- Caller    the check bloat, and the quarterly maintenance.
-- Promise   B-trees of this system and of its engine (what belongs to the owner of aias_private) from p_least_bytes on. An estimate by the
--           planner's statistics: entries of 8 bytes and their columns' mean width on pages that are nine tenths full. One of whose columns
--           nothing is known is left out; equal keys are stored once, so that an index may be smaller than estimated, never larger.
-- Cost      the catalog.
create or replace function aias_private.index_bloat(p_least_bytes bigint default 10485760)
returns table (
    index_name text,
    table_name text,
    size_bytes bigint,
    expected_bytes bigint
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select
        b.oid::regclass::text,
        b.indrelid::regclass::text,
        b.size_bytes,
        b.expected_bytes
    from (
        select
            c.oid,
            i.indrelid,
            pg_relation_size(c.oid) as size_bytes,
            (
                ceil(greatest(c.reltuples, 0) * (w.width + 12) / (current_setting('block_size')::numeric * 0.9)) + 1
            )::bigint * current_setting('block_size')::bigint as expected_bytes
        from pg_catalog.pg_class as c
        inner join pg_catalog.pg_am as m on m.oid = c.relam and m.amname = 'btree'
        inner join pg_catalog.pg_index as i on i.indexrelid = c.oid and i.indisvalid
        inner join pg_catalog.pg_class as t on t.oid = i.indrelid
        cross join lateral (
            select
                ceil(sum(s.avg_width) / 8.0)::bigint * 8 as width,
                count(*) as known_count
            from pg_catalog.pg_attribute as a
            inner join pg_catalog.pg_stats as s
                on s.schemaname = t.relnamespace::regnamespace::text
                and s.tablename = case
                    when i.indkey[a.attnum - 1] = 0 then c.relname else t.relname
                end
                and s.attname = case
                    when i.indkey[a.attnum - 1] = 0 then a.attname
                    else (
                        select k.attname
                        from pg_catalog.pg_attribute as k
                        where k.attrelid = t.oid and k.attnum = i.indkey[a.attnum - 1]
                    )
                end
                and not s.inherited
            where a.attrelid = c.oid and a.attnum > 0
        ) as w
        where
            c.relkind = 'i'
            and c.reltuples >= 0
            and w.known_count = i.indnatts
            and c.relowner = (
                select n.nspowner from pg_catalog.pg_namespace as n where n.nspname = 'aias_private'
            )
            and c.relnamespace::regnamespace::text not in ('pg_catalog', 'pg_toast', 'information_schema')
    ) as b
    where b.size_bytes >= p_least_bytes and b.size_bytes > 2 * b.expected_bytes
    order by b.size_bytes - b.expected_bytes desc
$$;
revoke execute on function aias_private.index_bloat(bigint) from public;
comment on function aias_private.index_bloat(bigint) is
'The indexes that are more than twice as large as their entries need, with an estimate of what would do.';
