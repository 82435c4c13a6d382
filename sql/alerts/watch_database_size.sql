-- aias_private.watch_database_size: what the database holds on disk.
--
-- Caller    aias_private.evaluate_alerts, for the rules of the source database_size.
-- Promise   GiB, indexes and all; a disk that fills up is seen by what the database takes of it.
-- requires: aias_private.nil_uuid
create or replace function aias_private.watch_database_size(p_window interval)
returns table (
    tenant_id uuid,
    key text,
    value double precision,
    details jsonb
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select
        aias_private.nil_uuid(),
        current_database()::text,
        (pg_database_size(current_database()) / 1073741824.0)::double precision,
        jsonb_build_object('size', pg_size_pretty(pg_database_size(current_database())))
$$;
revoke execute on function aias_private.watch_database_size(interval) from public;
comment on function aias_private.watch_database_size(interval) is
'The size of the database in GiB.';
