-- aias_private.fold_telemetry: sum up the counts that came since the last time.
--
-- Caller    the system's periodic work, every minute.
-- Promise   each count is summed up once: it is deleted in the transaction that adds it. The cost follows what is new.
--           What belongs to a tenant that is gone is dropped.
-- Locks     one at a time; nobody who tracks waits.
-- Returns   how many counts were summed up.
create or replace function aias_private.fold_telemetry()
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count integer;
    v_more integer;
begin
    if not pg_try_advisory_xact_lock(hashtextextended('aias_private.fold_telemetry', 0)) then
        return 0;
    end if;
    with taken as (
        delete from aias_private.telemetry_tallies as t
        returning t.tenant_id, t.day, t.name, t.event_count, t.first_at, t.last_at
    ),

    summed as (
        insert into aias_private.telemetry_days as d (tenant_id, day, name, event_count, first_at, last_at)
        select t.tenant_id, t.day, t.name, sum(t.event_count), min(t.first_at), max(t.last_at)
        from taken as t
        inner join aias_private.tenants as e on e.id = t.tenant_id
        group by t.tenant_id, t.day, t.name
        order by t.tenant_id, t.day, t.name
        on conflict (tenant_id, day, name) do update
        set
            event_count = d.event_count + excluded.event_count,
            first_at = least(d.first_at, excluded.first_at),
            last_at = greatest(d.last_at, excluded.last_at)
    )

    select count(*) into v_count from taken as t;
    with taken as (
        delete from aias_private.telemetry_outcomes as t
        returning
            t.tenant_id, t.day, t.accepted_count, t.duplicate_count, t.rejected_count, t.limited_count, t.shed_count
    ),

    summed as (
        insert into aias_private.telemetry_outcome_days as d (
            tenant_id, day, accepted_count, duplicate_count, rejected_count, limited_count, shed_count
        )
        select
            t.tenant_id,
            t.day,
            sum(t.accepted_count),
            sum(t.duplicate_count),
            sum(t.rejected_count),
            sum(t.limited_count),
            sum(t.shed_count)
        from taken as t
        inner join aias_private.tenants as e on e.id = t.tenant_id
        group by t.tenant_id, t.day
        order by t.tenant_id, t.day
        on conflict (tenant_id, day) do update
        set
            accepted_count = d.accepted_count + excluded.accepted_count,
            duplicate_count = d.duplicate_count + excluded.duplicate_count,
            rejected_count = d.rejected_count + excluded.rejected_count,
            limited_count = d.limited_count + excluded.limited_count,
            shed_count = d.shed_count + excluded.shed_count
    )

    select count(*) into v_more from taken as t;
    return v_count + v_more;
end;
$$;
revoke execute on function aias_private.fold_telemetry() from public;
grant execute on function aias_private.fold_telemetry() to aias_worker, aias_admin;
comment on function aias_private.fold_telemetry() is 'Sums up the counts of events that came since the last time.';
