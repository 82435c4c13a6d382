-- aias_private.learn_limit: take over what an upstream says of its bucket of points.
--
-- Caller    note_upstream_calls. `charged` is what we took for the answered calls, `actual` what they took there, `age` how many
--           seconds ago the upstream said so.
-- Promise   our bucket is never fuller than the upstream's was, and what was taken too much is given back.
-- Locks     the state of the limit.
-- Source    https://shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits (throttleStatus).
create or replace function aias_private.learn_limit(
    p_tenant uuid,
    p_integration uuid,
    p_throttle jsonb
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_burst constant double precision := p_throttle ->> 'maximum';
    v_rate constant double precision := p_throttle ->> 'restore';
    v_missing constant double precision := v_burst - (p_throttle ->> 'available')::double precision;
    v_excess constant double precision :=
    (p_throttle ->> 'charged')::double precision - (p_throttle ->> 'actual')::double precision;
    v_now constant timestamptz := aias_private.now();
begin
    if v_burst is null or v_rate is null or v_burst not between 1 and 1e9 or v_rate not between 1e-3 and 1e9 then
        return;
    end if;
    insert into aias_private.learned_limits as l (tenant_id, integration_id, points_per_second, burst)
    values (p_tenant, p_integration, v_rate, v_burst)
    on conflict (tenant_id, integration_id) do update
    set points_per_second = excluded.points_per_second, burst = excluded.burst, learned_at = excluded.learned_at
    where (l.points_per_second, l.burst) is distinct from (excluded.points_per_second, excluded.burst);
    insert into aias_private.rate_states as r (key, theoretical_arrival_at)
    values (
        'points:' || p_integration,
        v_now + make_interval(secs => least(greatest(v_missing, 0), v_burst) / v_rate - (p_throttle ->> 'age')::double precision)
    )
    on conflict (key) do update
    set theoretical_arrival_at = greatest(
        excluded.theoretical_arrival_at,
        r.theoretical_arrival_at - make_interval(secs => least(greatest(v_excess, 0), v_burst) / v_rate)
    );
end;
$$;
revoke execute on function aias_private.learn_limit(uuid, uuid, jsonb) from public;
comment on function aias_private.learn_limit(uuid, uuid, jsonb) is 'Takes over what an upstream says of its own limit.';
