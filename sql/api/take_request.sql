-- aias_private.take_request: let a request in, or say when to come back.
--
-- Caller    the HTTP API, in a transaction of its own before the request's: a refused or failed request counts too, and
--           no row stays locked while a request runs.
-- Promise   the generic cell rate algorithm (ITU-T I.371) for the tenant's plan and, where the key has a limit of its
--           own, for the key: p_rate requests a minute in the long run and as many at once after a quiet minute. A
--           request that one limit refuses takes from neither.
-- Returns   one row per limit, the plan's first. is_allowed is the same in all; remaining requests may come at once, the
--           whole quota is back after reset_after seconds, and a refused request may come after retry_after seconds.
-- Locks     the tenant's row, then the key's.
create or replace function aias_private.take_request(
    p_tenant uuid,
    p_key text,
    p_plan_rate integer,
    p_key_rate integer
)
returns table (
    policy text,
    is_allowed boolean,
    quota integer,
    remaining integer,
    reset_after double precision,
    retry_after double precision
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := aias_private.now();
    v_names constant text[] := array['plan', 'key'];
    v_keys constant text[] := array['', p_key];
    v_rates constant integer[] := array[p_plan_rate, p_key_rate];
    -- by how many seconds the requests so far are ahead of the rate
    v_ahead double precision[] := array[0, 0];
    v_one double precision;
    v_is_allowed boolean := true;
begin
    -- Nobody waits for a disk here: nothing of this outlives a crash.
    perform set_config('synchronous_commit', 'off', true);
    for v_limit in 1..2 loop
        continue when v_rates[v_limit] is null;
        loop
            select greatest(0, extract(epoch from r.theoretical_arrival_at - v_now)) into v_one
            from aias_private.request_rates as r
            where r.tenant_id = p_tenant and r.key_id = v_keys[v_limit]
            for update;
            exit when found;
            insert into aias_private.request_rates (tenant_id, key_id, theoretical_arrival_at)
            values (p_tenant, v_keys[v_limit], v_now)
            on conflict (tenant_id, key_id) do nothing;
        end loop;
        v_ahead[v_limit] := v_one;
        -- seconds per request, and a thousandth of that so that rounding sends nobody away
        v_is_allowed := v_is_allowed and v_ahead[v_limit] + 60.0 / v_rates[v_limit] <= 60.0 + 0.06 / v_rates[v_limit];
    end loop;
    for v_limit in 1..2 loop
        continue when v_rates[v_limit] is null;
        if v_is_allowed then
            v_ahead[v_limit] := v_ahead[v_limit] + 60.0 / v_rates[v_limit];
            update aias_private.request_rates as r
            set theoretical_arrival_at = v_now + make_interval(secs => v_ahead[v_limit])
            where r.tenant_id = p_tenant and r.key_id = v_keys[v_limit];
        end if;
        policy := v_names[v_limit];
        is_allowed := v_is_allowed;
        quota := v_rates[v_limit];
        remaining := greatest(0, floor((60.0 - v_ahead[v_limit]) * v_rates[v_limit] / 60.0 + 1e-3));
        reset_after := v_ahead[v_limit];
        retry_after := greatest(0, v_ahead[v_limit] + 60.0 / v_rates[v_limit] - 60.0);
        return next;
    end loop;
end;
$$;
revoke execute on function aias_private.take_request(uuid, text, integer, integer) from public;
grant execute on function aias_private.take_request(uuid, text, integer, integer) to aias_admin;
comment on function aias_private.take_request(uuid, text, integer, integer) is
'Counts an HTTP request under its tenant''s plan and its key, and says whether it may go on.';
