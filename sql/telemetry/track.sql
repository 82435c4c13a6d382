-- aias.track: say what users did.
--
-- Caller    applications, for a tenant, with one event or an array of at most 10,000: {"name", "event_id", "user_id", "session_id",
--           "occurred_at", "properties", "correlation_id", "trace_id"}; all but the name may be left out.
-- Promise   in the caller's transaction: the good events of a batch are stored, an id that came within 7 days (or earlier in the batch)
--           is counted as a duplicate whatever else the event says, and problems names each bad one: its index, from 0, and why.
--           An event without an event_id can't be told from its repetition. Calls of other transactions are not waited for, but for
--           one that brings the same event id.
-- Errors    JR404 no such tenant; JR422 p_events is no such array; JR429 the plan's rate is used up (retry_after in the detail).
-- requires: aias_private.merge_telemetry
-- requires: aias_private.note_telemetry
-- requires: aias_private.read_telemetry
-- requires: aias_private.telemetry_debt
-- requires: aias_private.tenant_by_slug
create or replace function aias.track(
    p_tenant text,
    p_events jsonb
)
returns table (
    accepted integer,
    duplicates integer,
    rejected integer,
    problems jsonb
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.tenant_by_slug(p_tenant);
    v_events constant jsonb := case when jsonb_typeof(p_events) = 'object' then jsonb_build_array(p_events) else p_events end;
    v_read aias_private.telemetry_event[];
    v_debt record;
begin
    if jsonb_typeof(v_events) is distinct from 'array' or jsonb_array_length(v_events) > 10000 then
        raise exception 'the events are one JSON object, or an array of at most 10000'
            using errcode = 'JR422', column = 'p_events';
    end if;
    select d.quota, d.retry_after into v_debt
    from aias_private.telemetry_debt(v_tenant, jsonb_array_length(v_events)) as d;
    if v_debt.retry_after > 0 then
        raise exception 'the plan allows % events a minute', v_debt.quota
            using errcode = 'JR429', column = 'p_events',
                detail = jsonb_build_object('retry_after', v_debt.retry_after)::text;
    end if;
    select
        array_agg(
            row(
                0, r.place, v_tenant, r.event_id, r.name, r.user_id, r.session_id, r.occurred_at, r.properties,
                r.correlation_id, r.trace_id
            )::aias_private.telemetry_event
            order by r.place
        ) filter (where r.problem is null),
        coalesce(
            jsonb_agg(jsonb_build_object('index', r.place, 'reason', r.problem) order by r.place)
            filter (where r.problem is not null),
            '[]'
        )
    into v_read, problems
    from aias_private.read_telemetry(v_events, aias_private.now()) as r;
    duplicates := 0;
    if v_read is not null then
        insert into aias_private.telemetry_charges (tenant_id, at, event_count)
        values (v_tenant, aias_private.now(), cardinality(v_read));
        select count(*) into duplicates from aias_private.merge_telemetry(v_read) as m;
    end if;
    accepted := coalesce(cardinality(v_read), 0) - duplicates;
    rejected := jsonb_array_length(problems);
    if rejected > 0 then
        perform aias_private.note_telemetry(array[v_tenant], array[rejected], array[0], array[0]);
    end if;
    return next;
end;
$$;
revoke execute on function aias.track(text, jsonb) from public;
grant execute on function aias.track(text, jsonb) to aias_app, aias_worker, aias_admin;
comment on function aias.track(text, jsonb) is
'Stores what users did, each event once, in the caller''s transaction; counts what was taken, known and refused, and says why.';
