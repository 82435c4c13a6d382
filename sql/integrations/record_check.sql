-- aias_private.record_check: what trying a connection came to.
--
-- Caller    aias.integrations.check_connection(), with the version of the credentials that it tried.
-- Promise   p_is_working null: it could not be tried; only the time is noted. Working: connected, whatever it was before.
--           Not working: `failing`, or `revoked` where the upstream refused the credentials (p_is_refused). The next
--           check is due in the connection's next slot.
-- Locks     the connection's row, then its check's.
-- Errors    JR404 the connection is gone.
-- requires: aias_private.check_slot
-- requires: aias_private.set_integration_status
create or replace function aias_private.record_check(
    p_tenant uuid,
    p_integration uuid,
    p_credential_version integer,
    p_is_working boolean,
    p_is_refused boolean,
    p_latency_ms integer,
    p_error text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := aias_private.now();
begin
    perform from aias_private.integrations as i
    where i.tenant_id = p_tenant and i.id = p_integration
    for no key update;
    if not found then
        raise exception 'there is no connection %', p_integration using errcode = 'JR404', column = 'p_integration';
    end if;
    if p_is_working is not null then
        perform aias_private.set_integration_status(
            p_tenant,
            p_integration,
            p_credential_version,
            case when p_is_working then 'connected' when p_is_refused then 'revoked' else 'failing' end,
            p_error
        );
    end if;
    insert into aias_private.integration_checks as c (
        tenant_id, integration_id, latency_ms, last_checked_at, last_ok_at, last_error, consecutive_failure_count,
        next_check_at
    )
    values (
        p_tenant,
        p_integration,
        p_latency_ms,
        v_now,
        case when p_is_working then v_now end,
        case when not p_is_working then left(p_error, 2000) end,
        case when p_is_working is false then 1 else 0 end,
        aias_private.check_slot(p_integration, v_now)
    )
    on conflict (tenant_id, integration_id) do update
    set
        latency_ms = case when p_is_working is null then c.latency_ms else excluded.latency_ms end,
        last_checked_at = excluded.last_checked_at,
        last_ok_at = coalesce(excluded.last_ok_at, c.last_ok_at),
        last_error = case when p_is_working is null then c.last_error else excluded.last_error end,
        consecutive_failure_count = case
            when p_is_working is null then c.consecutive_failure_count
            when p_is_working then 0
            else c.consecutive_failure_count + 1
        end,
        next_check_at = excluded.next_check_at;
end;
$$;
revoke execute on function
aias_private.record_check(uuid, uuid, integer, boolean, boolean, integer, text)
from public;
grant execute on function
aias_private.record_check(uuid, uuid, integer, boolean, boolean, integer, text)
to aias_worker, aias_admin;
comment on function
aias_private.record_check(uuid, uuid, integer, boolean, boolean, integer, text) is
'Notes what trying a connection came to, and moves its status.';
