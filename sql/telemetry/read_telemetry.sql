-- aias_private.read_telemetry: what stands in each event of a JSON array, or why it can't be taken.
--
-- Caller    aias.track. What comes over HTTP is read by aias.telemetry.reading, by the same rules: tests/telemetry/
--           test_rules.py has them side by side.
-- Promise   one row per element, in order, from 0; p_now is what a time is compared with.
create or replace function aias_private.read_telemetry(
    p_events jsonb,
    p_now timestamptz
)
returns table (
    place integer,
    event_id text,
    name text,
    user_id text,
    session_id text,
    occurred_at timestamptz,
    properties jsonb,
    correlation_id text,
    trace_id text,
    problem text
)
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    with given as materialized (
        select (e.n - 1)::integer as place, e.event, jsonb_typeof(e.event) = 'object' as is_object
        from jsonb_array_elements(p_events) with ordinality as e(event, n)
    ),

    fields as materialized (
        select
            g.place,
            g.event,
            g.is_object,
            g.event ->> 'occurred_at' as at,
            coalesce(nullif(g.event -> 'properties', 'null'), '{}') as properties
        from given as g
    ),

    judged as (
        select
            f.place,
            f.event,
            f.at,
            f.properties,
            case
                when not f.is_object then 'an event is an object'
                when exists (
                    select from jsonb_object_keys(case when f.is_object then f.event else '{}' end) as k(field)
                    where
                        k.field not in (
                            'event_id', 'name', 'user_id', 'session_id', 'occurred_at', 'properties', 'correlation_id',
                            'trace_id'
                        )
                ) then 'it has fields that no event has'
                when jsonb_typeof(f.event -> 'name') is distinct from 'string'
                    or length(f.event ->> 'name') not between 1 and 200 then 'name is a text of 1 to 200 characters'
                when exists (
                    select
                    from unnest(array['event_id', 'user_id', 'session_id', 'correlation_id']) as k(field)
                    where
                        jsonb_typeof(f.event -> k.field) <> 'null'
                        and (
                            jsonb_typeof(f.event -> k.field) <> 'string'
                            or length(f.event ->> k.field) not between 1 and 255
                        )
                ) then 'event_id, user_id, session_id and correlation_id are texts of 1 to 255 characters'
                when jsonb_typeof(f.event -> 'trace_id') <> 'null'
                    and (
                        jsonb_typeof(f.event -> 'trace_id') <> 'string' or f.event ->> 'trace_id' !~ '^[0-9a-f]{32}$'
                    ) then 'trace_id has 32 hexadecimal digits'
                when jsonb_typeof(f.properties) <> 'object' then 'properties are an object'
                when octet_length(f.properties::text) > 32768 then 'properties have at most 32768 bytes'
                when f.at is not null and jsonb_typeof(f.event -> 'occurred_at') <> 'string'
                    or f.at !~ (
                        '^(19[7-9]\d|2[01]\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d'
                        '(\.\d{1,9})?(Z|[+-](0\d|1[0-3]):[0-5]\d)$'
                    )
                    or substr(f.at, 9, 2)::integer > extract(
                        day from make_date(substr(f.at, 1, 4)::integer, substr(f.at, 6, 2)::integer, 1)
                        + interval '1 month - 1 day'
                    ) then 'occurred_at is a time of RFC 3339 from 1970 on'
            end as problem
        from fields as f
    )

    select
        j.place,
        coalesce(j.event ->> 'event_id', aias_private.uuid7()::text),
        j.event ->> 'name',
        j.event ->> 'user_id',
        j.event ->> 'session_id',
        case when j.problem is null then j.at::timestamptz end,
        j.properties,
        j.event ->> 'correlation_id',
        j.event ->> 'trace_id',
        coalesce(
            j.problem,
            case
                when (case when j.problem is null then j.at end)::timestamptz > p_now + interval '1 day'
                    then 'occurred_at is more than a day ahead'
            end
        )
    from judged as j
    order by j.place
$$;
revoke execute on function aias_private.read_telemetry(jsonb, timestamptz) from public;
comment on function aias_private.read_telemetry(jsonb, timestamptz) is
'Reads events from a JSON array, and says of each that can''t be taken why.';
