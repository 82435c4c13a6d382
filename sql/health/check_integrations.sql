-- aias_private.check_integrations: connections that do not work, or were not looked at.
--
-- Caller    aias_private.look_at_health, for the check integrations.
-- Promise   by the checks that each connection gets once an hour; nothing is called here.
-- requires: aias.integration_health
create or replace function aias_private.check_integrations()
returns table (
    object text,
    problem text
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select
        h.kind || ':' || h.tenant || '/' || h.name,
        case
            when h.consecutive_failures > 0 or h.status <> 'connected'
                then format('%s: %s', h.status, coalesce(h.last_error, h.status_reason, 'no reason is known'))
            else 'was not checked for two hours'
        end
    from aias.integration_health as h
    where
        h.consecutive_failures > 0
        or h.status <> 'connected'
        or h.next_check_at < aias_private.now() - interval '2 hours'
    order by 1
$$;
revoke execute on function aias_private.check_integrations() from public;
comment on function aias_private.check_integrations() is
'Connections that do not work by their last check, or were not checked in time.';
