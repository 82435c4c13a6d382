-- aias_private.enter_upstream: may these calls of connections be made?
--
-- Caller    a worker's guard, which gathers the calls that come at the same time. p_calls is an array of
--             {"tenant", "integration", "kind", "connection", "holder", "cost", "timeout", "mode", "patience",
--              "ahead_count", "ahead_points"}
--           mode: new; back (was put off before); inside (its action has made calls already).
-- Returns   a row per call, in order. verdict: go, after wait_seconds (at most its patience); gate; rate; place. For all but go,
--           `until` says when to come back. is_probe: the call decides whether its gate opens, and is to be reported by its
--           holder. has_place: likewise, because another waits for its end. ahead_count calls with ahead_points in all may be made within a second without asking.
-- Locks     closed gates by key, then the states of the limits by key, for this statement only.
-- requires: aias_private.gate_name
-- requires: aias_private.pass_gates
-- requires: aias_private.take_calls
create or replace function aias_private.enter_upstream(p_calls jsonb)
returns table (
    place integer,
    verdict text,
    wait_seconds double precision,
    until timestamptz,
    gate text,
    told text,
    is_probe boolean,
    ahead_count integer,
    ahead_points integer,
    has_place boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_call record;
    v_gate record;
    v_taken record;
    v_now constant timestamptz := aias_private.now();
begin
    -- all gates before all limits, so that two groups can't wait for each other
    perform
    from aias_private.gates as g
    where
        g.status = 'closed'
        and exists (
            select
            from jsonb_to_recordset(p_calls) as c(tenant uuid, kind text, connection text)
            where
                g.kind = c.kind
                and (g.tenant_id = c.tenant or g.tenant_id = '00000000-0000-0000-0000-000000000000')
                and g.connection in ('', c.connection)
        )
    order by g.tenant_id, g.kind, g.connection
    for update;
    for v_call in
        select c.place, c.call
        from jsonb_array_elements(p_calls) with ordinality as c(call, place)
        order by c.call ->> 'integration', c.place
    loop
        place := v_call.place;
        is_probe := false;
        until := null;
        gate := null;
        told := null;
        ahead_count := 0;
        ahead_points := 0;
        has_place := false;
        select p.is_probe, p.gate, p.told, p.until into v_gate from aias_private.pass_gates(v_call.call) as p;
        if found and not v_gate.is_probe then
            verdict := 'gate';
            wait_seconds := extract(epoch from v_gate.until - v_now);
            until := v_gate.until;
            gate := v_gate.gate;
            told := v_gate.told;
            return next;
            continue;
        end if;
        is_probe := found;
        select t.verdict, t.wait_seconds, t.told, t.ahead_count, t.ahead_points, t.has_place into v_taken
        from aias_private.take_calls(
            case when is_probe then v_call.call || '{"ahead_count": 0, "ahead_points": 0}' else v_call.call end
        ) as t;
        verdict := v_taken.verdict;
        wait_seconds := v_taken.wait_seconds;
        if verdict = 'go' then
            ahead_count := v_taken.ahead_count;
            ahead_points := v_taken.ahead_points;
            has_place := v_taken.has_place;
            if is_probe then
                update aias_private.gates as g
                set
                    probe = (v_call.call ->> 'holder')::uuid,
                    probe_until = v_now
                    + make_interval(secs => (v_call.call ->> 'timeout')::double precision + 10 + v_taken.wait_seconds)
                where
                    g.status = 'closed'
                    and g.kind = v_call.call ->> 'kind'
                    and (g.tenant_id, g.connection) in (
                        ('00000000-0000-0000-0000-000000000000'::uuid, ''),
                        ((v_call.call ->> 'tenant')::uuid, v_call.call ->> 'connection')
                    );
            end if;
        else
            is_probe := false;
            told := v_taken.told;
            gate := aias_private.gate_name(
                (v_call.call ->> 'tenant')::uuid, v_call.call ->> 'kind', v_call.call ->> 'connection'
            );
            -- a place that is given back wakes the next one; this is for when that goes wrong
            until := v_now + case verdict
                when 'place' then interval '10 seconds'
                else make_interval(secs => wait_seconds)
            end;
        end if;
        return next;
    end loop;
end;
$$;
revoke execute on function aias_private.enter_upstream(jsonb) from public;
grant execute on function aias_private.enter_upstream(jsonb) to aias_worker, aias_admin;
comment on function aias_private.enter_upstream(jsonb) is
'Says of calls whether they may be made now, and takes them from their limits; else what keeps them, and until when.';
