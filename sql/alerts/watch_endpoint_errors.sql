-- aias_private.watch_endpoint_errors: how many percent of each endpoint's requests fail on our side.
--
-- Caller    aias_private.evaluate_alerts, for the rules of the source endpoint_errors.
-- Promise   of the requests that the HTTP servers answered in the minutes of the window, of all tenants together; an endpoint with fewer
--           than 20 of them has no rate. A minute behind: as far as the roll-ups are.
-- Plan      metric_minutes_metric_idx, by the window.
-- requires: aias_private.nil_uuid
create or replace function aias_private.watch_endpoint_errors(p_window interval)
returns table (
    tenant_id uuid,
    key text,
    value double precision,
    details jsonb
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select
        aias_private.nil_uuid(),
        m.key,
        (100.0 * sum(m.failure_count) / sum(m.observation_count))::double precision,
        jsonb_build_object('failed', sum(m.failure_count), 'requests', sum(m.observation_count))
    from aias_private.metric_minutes as m
    where m.metric = 'requests' and m.at >= aias_private.now() - p_window
    group by m.key
    having sum(m.observation_count) >= 20
$$;
revoke execute on function aias_private.watch_endpoint_errors(interval) from public;
comment on function aias_private.watch_endpoint_errors(interval) is
'The percentage of each endpoint''s requests that failed on our side within the window.';
