-- aias_private.take_calls: one call of a connection under its limits: now, soon, or later.
--
-- Caller    enter_upstream, once the gates are passed.
-- Promise   the generic cell rate algorithm (ITU-T I.371), over the same rows as the rates of jobs (take_rate): in any time T no
--           more than burst + rate * T are let go. p_patience: seconds that the caller waits where it is; a call that
--           comes within them is taken now and made then. One that would come later is not taken: it gets a time to come
--           back (`new`: that nobody else was given; what comes back goes ahead of what is new). Times that were given and not used
--           for a second are anybody's. p_ahead further calls are taken too where more than half of the burst is left.
-- Returns   verdict: go (after wait_seconds; ahead_count and ahead_points more within the second), rate, place.
-- Locks     rate_states by key, until the statement ends: those who call under one limit take turns.
-- requires: aias_private.upstream_limits
create or replace function aias_private.take_calls(
    p_call jsonb,
    out verdict text,
    out wait_seconds double precision,
    out told text,
    out ahead_count integer,
    out ahead_points integer,
    out has_place boolean
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := p_call ->> 'tenant';
    v_integration constant uuid := p_call ->> 'integration';
    v_mode constant text := p_call ->> 'mode';
    v_patience constant double precision := p_call ->> 'patience';
    v_limit record;
    v_state aias_private.rate_states;
    v_cost double precision;
    v_arrival double precision;
    v_promised double precision;
    v_free double precision;
    v_slot double precision := 0;
    v_room integer;
    v_wanted integer;
    v_is_queued boolean := false;
    v_has_places boolean := false;
    -- by limit, in the order of the loop: what the second pass writes
    v_keys text[] := '{}';
    v_units text[] := '{}';
    v_steps double precision[] := '{}';
    v_bursts double precision[] := '{}';
    v_costs double precision[] := '{}';
    v_arrivals double precision[] := '{}';
    v_now constant timestamptz := aias_private.now();
begin
    verdict := 'go';
    has_place := false;
    wait_seconds := 0;
    ahead_count := (p_call ->> 'ahead_count')::integer;
    ahead_points := (p_call ->> 'ahead_points')::integer;
    for v_limit in
        select l.key, l.unit, l.step, l.burst, l.max_running, l.told
        from aias_private.upstream_limits(v_tenant, v_integration) as l
        order by l.key
    loop
        insert into aias_private.rate_states as r (key, theoretical_arrival_at)
        values (v_limit.key, v_now - interval '1 hour')
        on conflict (key) do nothing;
        select r.* into v_state from aias_private.rate_states as r where r.key = v_limit.key for update;
        if v_limit.max_running is not null then
            v_has_places := true;
            delete from aias_private.upstream_places as u
            where u.tenant_id = v_tenant and u.integration_id = v_integration and u.held_until <= v_now;
            if (
                select count(*)
                from aias_private.upstream_places as u
                where u.tenant_id = v_tenant and u.integration_id = v_integration
            ) >= v_limit.max_running then
                verdict := 'place';
                told := v_limit.told;
                return;
            end if;
        end if;
        continue when v_limit.step is null;
        -- seconds from now on; what a call takes is never more than the whole bucket
        v_arrival := extract(epoch from v_state.theoretical_arrival_at - v_now);
        v_promised := extract(epoch from v_state.promised_until - v_now);
        v_cost := case v_limit.unit when 'point' then least((p_call ->> 'cost')::double precision, v_limit.burst) else 1 end;
        if v_arrival <= -1 then
            -- nobody came for a second though there was room: what was promised is void
            update aias_private.rate_states as r set promised_until = null where r.key = v_limit.key;
            v_promised := null;
        end if;
        v_arrival := greatest(v_arrival, 0);
        v_free := v_arrival + (v_cost - v_limit.burst) * v_limit.step;
        if v_free > wait_seconds or told is null then
            told := v_limit.told;
        end if;
        -- a thousandth of a step, so that rounding does not send away what is due
        wait_seconds := greatest(wait_seconds, case when v_free > v_limit.step * 1e-3 then v_free else 0 end);
        if v_mode = 'new' and v_promised > 0 then
            v_is_queued := true;
            v_slot := greatest(v_slot, v_promised);
        end if;
        v_keys := v_keys || v_limit.key;
        v_units := v_units || v_limit.unit;
        v_steps := v_steps || v_limit.step;
        v_bursts := v_bursts || v_limit.burst;
        v_costs := v_costs || v_cost;
        v_arrivals := v_arrivals || v_arrival;
    end loop;
    if v_is_queued or wait_seconds > v_patience then
        verdict := 'rate';
        wait_seconds := greatest(wait_seconds, v_slot);
        if v_mode = 'new' then
            update aias_private.rate_states as r
            set promised_until = v_now + make_interval(secs => wait_seconds + u.step * u.cost)
            from unnest(v_keys, v_steps, v_costs) as u(key, step, cost)
            where r.key = u.key;
        end if;
        return;
    end if;
    if wait_seconds > 0 or v_has_places then
        ahead_count := 0;
        ahead_points := 0;
    elsif ahead_count > 0 then
        -- what nothing limits needs no asking
        ahead_count := case when 'call' = any(v_units) then ahead_count else 1000000 end;
        ahead_points := case when 'point' = any(v_units) then ahead_points else 1000000 end;
    end if;
    for v_place in 1..cardinality(v_keys) loop
        v_arrival := v_arrivals[v_place] + v_costs[v_place] * v_steps[v_place];
        v_room := greatest(floor(v_bursts[v_place] / 2 - v_arrival / v_steps[v_place]), 0);
        if v_units[v_place] = 'call' then
            ahead_count := least(ahead_count, v_room);
            v_wanted := ahead_count;
        else
            ahead_points := least(ahead_points, v_room);
            v_wanted := ahead_points;
        end if;
        update aias_private.rate_states as r
        set theoretical_arrival_at = v_now + make_interval(secs => v_arrival + v_wanted * v_steps[v_place])
        where r.key = v_keys[v_place];
    end loop;
    has_place := v_has_places;
    if has_place then
        insert into aias_private.upstream_places as u (tenant_id, integration_id, holder, held_until)
        values (
            v_tenant,
            v_integration,
            (p_call ->> 'holder')::uuid,
            v_now + make_interval(secs => (p_call ->> 'timeout')::double precision + 10 + wait_seconds)
        );
    end if;
end;
$$;
revoke execute on function aias_private.take_calls(jsonb) from public;
comment on function aias_private.take_calls(jsonb) is 'Lets a call of a connection go under its limits, or says when to come back.';
