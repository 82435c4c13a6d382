-- aias_private.check_partitions: partitions that are missing, and rows outside of them.
--
-- Caller    aias_private.look_at_health, for the check partitions.
-- requires: aias_private.watch_partitions
create or replace function aias_private.check_partitions()
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
        w.key,
        concat_ws(
            ', ',
            case when (w.details ->> 'next_month_is_missing')::boolean then 'next month has no partition' end,
            case when (w.details ->> 'rows_in_the_default_partition')::boolean then 'rows lie in the default partition' end
        )
    from aias_private.watch_partitions(interval '0') as w
$$;
revoke execute on function aias_private.check_partitions() from public;
comment on function aias_private.check_partitions() is
'Tables without next month''s partition, or with rows outside their partitions.';
