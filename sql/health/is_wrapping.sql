-- aias_private.is_wrapping: whether an age is half of what PostgreSQL can tell apart.
--
-- Why       2^31 transactions and as many multixacts; https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-WRAPAROUND.
--           Of its own, as nobody can make a table so old in a test.
create or replace function aias_private.is_wrapping(
    p_transactions bigint,
    p_multixacts bigint
)
returns boolean
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select greatest(p_transactions, p_multixacts) > 1073741824
$$;
revoke execute on function aias_private.is_wrapping(bigint, bigint) from public;
comment on function aias_private.is_wrapping(bigint, bigint) is
'Whether an age, in transactions and multixacts, is more than half of what PostgreSQL can tell apart.';
