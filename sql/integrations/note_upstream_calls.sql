-- aias_private.note_upstream_calls: what came of calls of connections.
--
-- Caller    a worker's guard, within a second of the calls, and at once where others wait for it. p_events is an array of
--             {"tenant", "integration", "kind", "connection", "what": ...}
--               "throttle", "available", "maximum", "restore", "charged", "actual", "age"   what the upstream says of its limit
--               "pause", "seconds", "reason"                                     it asks for a pause (seconds may be null)
--               "probe", "holder", "verdict", "reason"                                      as settle_probe
--               "left", "holder"                                                            a place is free
--           p_calls as in count_upstream_calls.
-- Promise   counts, limits, breakers and gates are up to date; those who wait for what has opened are woken, in bounded numbers.
-- Locks     counts, windows, gates, limits, places, each by key; then executions, skip locked.
-- requires: aias_private.count_upstream_calls
-- requires: aias_private.gate_name
-- requires: aias_private.judge_breaker
-- requires: aias_private.learn_limit
-- requires: aias_private.settle_probe
-- requires: aias_private.shut_gate
-- requires: aias_private.tend_gates
-- requires: aias_private.wake_gate_waiters
create or replace function aias_private.note_upstream_calls(
    p_calls jsonb,
    p_events jsonb
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_event record;
    v_connection record;
begin
    perform aias_private.count_upstream_calls(p_calls);
    for v_event in
        select
            i.tenant_id,
            i.id as integration_id,
            i.kind,
            i.name as connection,
            e.event ->> 'what' as what,
            e.event
        from jsonb_array_elements(p_events) with ordinality as e(event, place)
        inner join aias_private.integrations as i
            on i.tenant_id = (e.event ->> 'tenant')::uuid and i.id = (e.event ->> 'integration')::uuid
        order by
            array_position(array['pause', 'probe', 'throttle', 'left'], e.event ->> 'what'), i.tenant_id, i.id, e.place
    loop
        case v_event.what
            when 'probe' then
                perform aias_private.settle_probe(
                    v_event.tenant_id,
                    v_event.kind,
                    v_event.connection,
                    (v_event.event ->> 'holder')::uuid,
                    v_event.event ->> 'verdict',
                    v_event.event ->> 'reason'
                );
            when 'pause' then
                perform aias_private.shut_gate(
                    v_event.tenant_id,
                    v_event.kind,
                    v_event.connection,
                    'upstream',
                    left(v_event.event ->> 'reason', 500),
                    case when v_event.event ->> 'seconds' is not null then
                        make_interval(secs => greatest((v_event.event ->> 'seconds')::double precision, 0.1))
                    end,
                    interval '1 second',
                    interval '1 minute'
                );
            when 'throttle' then
                perform aias_private.learn_limit(v_event.tenant_id, v_event.integration_id, v_event.event);
            when 'left' then
                delete from aias_private.upstream_places as u
                where
                    u.tenant_id = v_event.tenant_id
                    and u.integration_id = v_event.integration_id
                    and u.holder = (v_event.event ->> 'holder')::uuid;
                perform aias_private.wake_gate_waiters(
                    aias_private.gate_name(v_event.tenant_id, v_event.kind, v_event.connection), 'place', 1
                );
            else
                raise exception 'a guard does not note %', coalesce(quote_literal(v_event.what), 'null')
                    using errcode = 'JR422', column = 'p_events';
        end case;
    end loop;
    for v_connection in
        select distinct i.tenant_id, i.id, i.kind, i.name
        from jsonb_to_recordset(p_calls) as c(tenant uuid, integration uuid, failures integer)
        inner join aias_private.integrations as i on i.tenant_id = c.tenant and i.id = c.integration
        where c.failures > 0
        order by i.tenant_id, i.id
    loop
        perform aias_private.judge_breaker(
            v_connection.tenant_id, v_connection.id, v_connection.kind, v_connection.name
        );
    end loop;
    perform aias_private.tend_gates();
end;
$$;
revoke execute on function aias_private.note_upstream_calls(jsonb, jsonb) from public;
grant execute on function aias_private.note_upstream_calls(jsonb, jsonb) to aias_worker, aias_admin;
comment on function aias_private.note_upstream_calls(jsonb, jsonb) is
'Counts calls of connections, and lets limits, breakers and gates follow from what came of them.';
