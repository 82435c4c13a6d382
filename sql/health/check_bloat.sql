-- aias_private.check_bloat: tables of dead rows, and indexes that are far too large.
--
-- Caller    aias_private.look_at_health, for the check bloat.
-- Promise   a table from 10,000 dead rows on, where they are more than 40 % of all; an index as aias_private.index_bloat.
-- requires: aias_private.index_bloat
create or replace function aias_private.check_bloat()
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
        s.relid::regclass::text,
        format('%s of its %s rows are dead', s.n_dead_tup, s.n_dead_tup + s.n_live_tup)
    from pg_catalog.pg_stat_user_tables as s
    where s.n_dead_tup > 10000 and s.n_dead_tup > 0.4 * (s.n_dead_tup + s.n_live_tup)
    union all
    select
        b.index_name,
        format('%s MiB, where about %s would do', b.size_bytes / 1048576, b.expected_bytes / 1048576)
    from aias_private.index_bloat() as b
$$;
revoke execute on function aias_private.check_bloat() from public;
comment on function aias_private.check_bloat() is
'Tables that are mostly dead rows, and indexes that are more than twice as large as they need be.';
