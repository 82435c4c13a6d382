-- aias_private.check_indexes: indexes that are not valid.
--
-- Caller    aias_private.look_at_health, for the check indexes.
-- Promise   none that is being built at this moment is told: one that is left over by a build that failed costs writes and serves no query.
create or replace function aias_private.check_indexes()
returns table (
    object text,
    problem text
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select
        i.indexrelid::regclass::text,
        format('is not valid: drop it, or reindex index concurrently (%s)', i.indrelid::regclass)
    from pg_catalog.pg_index as i
    inner join pg_catalog.pg_class as c on c.oid = i.indexrelid
    where
        not (i.indisvalid and i.indisready)
        and c.relnamespace::regnamespace::text not like 'pg\_%'
        and not exists (
            select from pg_catalog.pg_stat_progress_create_index as p where p.index_relid = i.indexrelid
        )
    order by 1
$$;
revoke execute on function aias_private.check_indexes() from public;
comment on function aias_private.check_indexes() is
'Indexes that a build which failed has left behind.';
