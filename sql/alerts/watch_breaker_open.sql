-- aias_private.watch_breaker_open: connections whose breaker is open.
--
-- Caller    aias_private.evaluate_alerts, for the rules of the source breaker_open.
-- Promise   minutes since it was closed last: its gate stays shut while one call at a time is let through.
--           Connections of samples are left out.
create or replace function aias_private.watch_breaker_open(p_window interval)
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
        g.tenant_id,
        g.kind || case when g.connection = '' then '' else ':' || g.connection end,
        extract(epoch from aias_private.now() - g.closed_at)::double precision / 60,
        jsonb_build_object('gate', g.name, 'reason', g.reason, 'until', g.closed_until)
    from aias_private.gates as g
    where
        g.status = 'closed'
        and g.source = 'breaker'
        and not exists (
            select from aias_private.integrations as i
            where i.tenant_id = g.tenant_id and i.kind = g.kind and i.name = g.connection and i.is_sample
        )
$$;
revoke execute on function aias_private.watch_breaker_open(interval) from public;
comment on function aias_private.watch_breaker_open(interval) is
'The connections whose breaker is open, with for how many minutes it has been.';
