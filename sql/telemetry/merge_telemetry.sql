-- aias_private.merge_telemetry: store events, each once.
--
-- Caller    aias.track, and the HTTP server, for all calls of a moment together; the events have been checked.
-- Promise   an event whose id came from the same tenant within 7 days, in another transaction or further ahead in p_events,
--           is not stored again, whatever else it says; what is stored is counted. The answer holds the places of the others.
-- Keys      64 bits of tenant and event id lead to the event that came first, and its event id decides: a key that two
--           events share costs a second look with another salt. A UUIDv7 gives its time to the upper half, so that the keys of a moment lie
--           together and the index of a week's keys is written at its end; of any other id all 64 bits are a hash.
-- Locks     telemetry_keys, shared, until the transaction ends: the sides do not change meanwhile. Keys are inserted in their order,
--           so that two transactions wait for each other in one direction only; whoever brings the same id waits for the first to end.
-- requires: aias_private.telemetry_ids
create or replace function aias_private.merge_telemetry(p_events aias_private.telemetry_event[])
returns table (
    call integer,
    place integer
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
-- the arrays' sizes decide how they are joined
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    v_now constant timestamptz := aias_private.now();
    v_oldest constant uuid := aias_private.uuid7_floor(v_now - interval '7 days');
    v_size constant integer := cardinality(p_events);
    v_ids constant uuid[] := aias_private.telemetry_ids(v_size);
    v_sides aias_private.telemetry_sides;
    v_keys bigint[];
    -- places in p_events, from 1: of which nothing is known yet; which are new; which came before
    v_open integer[] := array(select n from generate_series(1, v_size) as n);
    v_new integer[];
    v_known integer[] := '{}';
    v_count integer;
begin
    lock table aias_private.telemetry_keys in row exclusive mode;
    select s.* into strict v_sides from aias_private.telemetry_sides as s;
    for v_salt in 0..7 loop
        v_keys := array(
            select
                case
                    when v_salt = 0 and e.event_id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-7'
                        then
                            (('x' || substr(e.event_id, 1, 8) || substr(e.event_id, 10, 4))::bit(48)::bigint << 32)
                            | (hashtextextended(e.event_id, uuid_hash_extended(e.tenant_id, 0)) & 4294967295)
                    else hashtextextended(e.event_id, uuid_hash_extended(e.tenant_id, v_salt))
                end
            from unnest(p_events) with ordinality as e(
                call, place, tenant_id, event_id, name, user_id, session_id, occurred_at, properties, correlation_id,
                trace_id, n
            )
        );
        if v_sides.has_other then
            v_known := v_known || array(
                select o.n
                from unnest(v_open) as o(n)
                inner join aias_private.telemetry_keys as k
                    on k.side = 1 - v_sides.side and k.key = v_keys[o.n] and k.id >= v_oldest
                inner join unnest(p_events) with ordinality as e(
                    call, place, tenant_id, event_id, name, user_id, session_id, occurred_at, properties,
                    correlation_id, trace_id, n
                ) on e.n = o.n
                inner join aias_private.telemetry_events as t
                    on t.tenant_id = e.tenant_id and t.id = k.id and t.event_id = e.event_id
            );
            v_open := array(select n from unnest(v_open) as n except select n from unnest(v_known) as n);
        end if;
        if v_sides.opened_at <= v_now - interval '7 days' then
            -- the sides were not turned in time
            delete from aias_private.telemetry_keys as k
            using unnest(v_open) as o(n)
            where k.side = v_sides.side and k.key = v_keys[o.n] and k.id < v_oldest;
        end if;
        insert into aias_private.telemetry_keys (key, id, side)
        select v_keys[o.n], v_ids[o.n], v_sides.side
        from unnest(v_open) as o(n)
        order by 1, o.n
        on conflict do nothing;
        get diagnostics v_count = row_count;
        v_new := v_open;
        if v_count < cardinality(v_open) then
            v_new := array(
                select o.n
                from unnest(v_open) as o(n)
                inner join aias_private.telemetry_keys as k
                    on k.side = v_sides.side and k.key = v_keys[o.n] and k.id = v_ids[o.n]
            );
        end if;
        insert into aias_private.telemetry_events (
            tenant_id, id, event_id, name, user_id, session_id, occurred_at, received_at, properties, correlation_id,
            trace_id
        )
        select
            e.tenant_id, e.id, e.event_id, e.name, e.user_id, e.session_id, coalesce(e.occurred_at, v_now), v_now,
            e.properties, e.correlation_id, e.trace_id
        from unnest(p_events, v_ids) with ordinality as e(
            call, place, tenant_id, event_id, name, user_id, session_id, occurred_at, properties, correlation_id,
            trace_id, id, n
        )
        where v_count = v_size or e.n in (select n from unnest(v_new) as n);
        exit when v_count = cardinality(v_open);
        v_open := array(select n from unnest(v_open) as n except select n from unnest(v_new) as n);
        v_known := v_known || array(
            select o.n
            from unnest(v_open) as o(n)
            inner join aias_private.telemetry_keys as k on k.side = v_sides.side and k.key = v_keys[o.n]
            inner join unnest(p_events) with ordinality as e(
                call, place, tenant_id, event_id, name, user_id, session_id, occurred_at, properties, correlation_id,
                trace_id, n
            ) on e.n = o.n
            inner join aias_private.telemetry_events as t
                on t.tenant_id = e.tenant_id and t.id = k.id and t.event_id = e.event_id
        );
        v_open := array(select n from unnest(v_open) as n except select n from unnest(v_known) as n);
        exit when cardinality(v_open) = 0;
    end loop;
    with told as materialized (
        select
            e.tenant_id,
            (coalesce(e.occurred_at, v_now) at time zone 'UTC')::date as day,
            e.name,
            count(*) filter (where k.n is null) as event_count,
            count(k.n) as known_count,
            min(coalesce(e.occurred_at, v_now)) filter (where k.n is null) as first_at,
            max(coalesce(e.occurred_at, v_now)) filter (where k.n is null) as last_at
        from unnest(p_events) with ordinality as e(
            call, place, tenant_id, event_id, name, user_id, session_id, occurred_at, properties, correlation_id,
            trace_id, n
        )
        left join unnest(v_known) as k(n) on k.n = e.n
        group by 1, 2, 3
    ),

    tallied as (
        insert into aias_private.telemetry_tallies (tenant_id, day, name, event_count, first_at, last_at)
        select t.tenant_id, t.day, t.name, t.event_count, t.first_at, t.last_at
        from told as t
        where t.event_count > 0
    )

    insert into aias_private.telemetry_outcomes (tenant_id, day, accepted_count, duplicate_count)
    select t.tenant_id, (v_now at time zone 'UTC')::date, sum(t.event_count), sum(t.known_count)
    from told as t
    group by t.tenant_id;
    if cardinality(v_known) = 0 then
        return;
    end if;
    return query
    select e.call, e.place
    from unnest(v_known) as k(n)
    inner join unnest(p_events) with ordinality as e(
        call, place, tenant_id, event_id, name, user_id, session_id, occurred_at, properties, correlation_id, trace_id, n
    ) on e.n = k.n
    order by k.n;
end;
$$;
revoke execute on function aias_private.merge_telemetry(aias_private.telemetry_event[]) from public;
grant execute on function aias_private.merge_telemetry(aias_private.telemetry_event[]) to aias_admin;
comment on function aias_private.merge_telemetry(aias_private.telemetry_event[]) is
'Stores events, each once, and gives the places of those that had come before.';
