-- aias_private.check_server: what keeps the database from serving.
--
-- Caller    aias_private.look_at_health, for the check server.
-- Promise   it is no standby, at most 90 % of its connections are taken, and no transaction of a client of this database is open for more than
--           an hour: such a one keeps every dead row in its place.
create or replace function aias_private.check_server()
returns table (
    object text,
    problem text
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select 'server', 'the database is a standby and takes no writes'
    where pg_is_in_recovery()
    union all
    select 'connections', format('%s of %s connections are taken', c.taken, c.most)
    from (
        select count(*) as taken, current_setting('max_connections')::integer as most
        from pg_catalog.pg_stat_activity as a
        where a.backend_type = 'client backend'
    ) as c
    where c.taken > 0.9 * c.most
    union all
    -- what the server did is in the server's time
    select
        'process ' || a.pid,
        format('a transaction of %s is open for %s minutes', a.usename, floor(extract(epoch from clock_timestamp() - a.xact_start) / 60))
    from pg_catalog.pg_stat_activity as a
    where
        a.datname = current_database()
        and a.backend_type = 'client backend'
        and a.xact_start < clock_timestamp() - interval '1 hour'
$$;
revoke execute on function aias_private.check_server() from public;
comment on function aias_private.check_server() is
'What keeps the database from serving: a standby, too few connections, a transaction that is open for too long.';
