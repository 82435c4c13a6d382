-- aias_private.open_transactions: the transactions of this database that are open now, but for the caller's.
--
-- Promise   by their virtual ids, which every role may see; also those that have written nothing yet. Not those that were prepared for a
--           two-phase commit.
create or replace function aias_private.open_transactions()
returns text[]
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(array_agg(l.virtualtransaction), '{}')
    from pg_catalog.pg_locks as l
    inner join pg_catalog.pg_stat_activity as a on a.pid = l.pid
    where
        l.locktype = 'virtualxid'
        and l.mode = 'ExclusiveLock'
        and l.granted
        and l.pid <> pg_backend_pid()
        and a.datname = current_database()
$$;
revoke execute on function aias_private.open_transactions() from public;
comment on function aias_private.open_transactions() is 'The transactions of this database that are open now, by their virtual ids.';
