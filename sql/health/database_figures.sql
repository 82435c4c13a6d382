-- aias_private.database_figures: the statistics report of the quarterly maintenance.
--
-- Promise   bytes and numbers; of tables and of indexes that nothing has read since statistics began, the 20 largest.
create or replace function aias_private.database_figures()
returns jsonb
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object(
        'database_bytes', pg_database_size(current_database()),
        'block_hit_rate', (
            select round(d.blks_hit::numeric / nullif(d.blks_hit + d.blks_read, 0), 4)
            from pg_catalog.pg_stat_database as d
            where d.datname = current_database()
        ),
        'tables', (
            select coalesce(jsonb_agg(to_jsonb(t)), '[]')
            from (
                select
                    s.relid::regclass::text as name,
                    pg_total_relation_size(s.relid) as size_bytes,
                    s.n_live_tup as live_row_count,
                    s.n_dead_tup as dead_row_count,
                    greatest(s.last_vacuum, s.last_autovacuum) as vacuumed_at,
                    greatest(s.last_analyze, s.last_autoanalyze) as analyzed_at
                from pg_catalog.pg_stat_user_tables as s
                order by pg_total_relation_size(s.relid) desc
                limit 20
            ) as t
        ),
        'unread_indexes', (
            select coalesce(jsonb_agg(to_jsonb(u)), '[]')
            from (
                select s.indexrelid::regclass::text as name, pg_relation_size(s.indexrelid) as size_bytes
                from pg_catalog.pg_stat_user_indexes as s
                inner join pg_catalog.pg_index as i on i.indexrelid = s.indexrelid
                -- what holds a constraint is of use unread
                where s.idx_scan = 0 and not i.indisunique
                order by pg_relation_size(s.indexrelid) desc
                limit 20
            ) as u
        )
    )
$$;
revoke execute on function aias_private.database_figures() from public;
comment on function aias_private.database_figures() is
'Sizes, dead rows, reads from memory, and large indexes that nothing reads.';
