-- aias_private.watch_integration_failing: connections that were found broken.
--
-- Caller    aias_private.evaluate_alerts, for the rules of the source integration_failing.
-- Promise   checks in a row that failed, at least 1; 1000 where the credentials were refused. Channels have a rule of their own.
create or replace function aias_private.watch_integration_failing(p_window interval)
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
        i.tenant_id,
        i.kind || ':' || i.name,
        case when i.status = 'revoked' then 1000.0 else greatest(coalesce(c.consecutive_failure_count, 0), 1) end,
        jsonb_build_object('status', i.status, 'reason', i.status_reason)
    from aias_private.integrations as i
    left join aias_private.integration_checks as c on c.tenant_id = i.tenant_id and c.integration_id = i.id
    where i.status <> 'connected' and i.kind <> 'channel'
$$;
revoke execute on function aias_private.watch_integration_failing(interval) from public;
comment on function aias_private.watch_integration_failing(interval) is
'The connections that were found broken, with how many checks in a row found that.';
