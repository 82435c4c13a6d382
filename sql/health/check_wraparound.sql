-- aias_private.check_wraparound: tables whose age nears the end of transaction ids.
--
-- Caller    aias_private.look_at_health, for the check wraparound.
-- Promise   half of the 2^31 transactions (and multixacts) that PostgreSQL can tell apart: autovacuum freezes at a tenth, so that there is
--           time, and something keeps it from its work. At most 20, the oldest first.
-- requires: aias_private.is_wrapping
create or replace function aias_private.check_wraparound()
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
        c.oid::regclass::text,
        format('is %s transactions and %s multixacts old: vacuum (freeze) it', age(c.relfrozenxid), mxid_age(c.relminmxid))
    from pg_catalog.pg_class as c
    where
        c.relkind in ('r', 'm', 't')
        and aias_private.is_wrapping(age(c.relfrozenxid), mxid_age(c.relminmxid))
    order by greatest(age(c.relfrozenxid), mxid_age(c.relminmxid)) desc
    limit 20
$$;
revoke execute on function aias_private.check_wraparound() from public;
comment on function aias_private.check_wraparound() is
'Tables that are older than half of the transactions that PostgreSQL can tell apart.';
