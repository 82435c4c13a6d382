-- aias_private.pass_gates: whether the gates before a connection let a call through.
--
-- Caller    enter_upstream.
-- Promise   a gate that is closed lets none through; one whose time is up lets one through, the probe, and the others when that
--           came back well or its lease (the call's timeout and ten seconds) ran out. Of those who wait the first is
--           told to come when the time is up, the others some time after: they are woken when the gate opens.
-- Returns   no row when no gate is closed; else the gate that keeps the call, or is_probe.
-- Locks     the rows of closed gates, the kind's before the connection's.
create or replace function aias_private.pass_gates(
    p_call jsonb,
    out is_probe boolean,
    out gate text,
    out told text,
    out until timestamptz
)
returns setof record
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_gate aias_private.gates;
    v_names text[] := '{}';
    v_later interval;
    v_now constant timestamptz := aias_private.now();
begin
    is_probe := false;
    for v_gate in
        select g.*
        from aias_private.gates as g
        where
            g.status = 'closed'
            and g.kind = p_call ->> 'kind'
            and (g.tenant_id, g.connection) in (
                ('00000000-0000-0000-0000-000000000000'::uuid, ''),
                ((p_call ->> 'tenant')::uuid, p_call ->> 'connection')
            )
        order by g.tenant_id
        for update
    loop
        v_names := v_names || v_gate.name;
        gate := v_gate.name;
        told := format(
            'closed by %s since %s%s: %s',
            v_gate.closed_by, v_gate.closed_at, coalesce(' until ' || v_gate.closed_until, ''), v_gate.reason
        );
        if v_gate.closed_until is null then
            until := v_now + interval '1 hour';
        elsif v_gate.closed_until > v_now then
            if v_gate.returner_until is null or v_gate.returner_until <= v_now then
                until := v_gate.closed_until;
                update aias_private.gates as g
                set returner_until = g.closed_until + interval '1 minute'
                where g.tenant_id = v_gate.tenant_id and g.kind = v_gate.kind and g.connection = v_gate.connection;
            else
                v_later := least(greatest(v_gate.closed_until - v_now, interval '5 seconds'), interval '1 minute');
                until := v_gate.closed_until + v_later * (1 + random());
            end if;
        elsif v_gate.probe_until > v_now then
            told := told || '; a probe is under way';
            until := v_gate.probe_until + interval '30 seconds' * random();
        else
            continue;
        end if;
        return next;
        return;
    end loop;
    if cardinality(v_names) > 0 then
        is_probe := true;
        return next;
    end if;
end;
$$;
revoke execute on function aias_private.pass_gates(jsonb) from public;
comment on function aias_private.pass_gates(jsonb) is 'Whether the gates before a connection let a call through, or who keeps it.';
