-- aias_private.note_telemetry: count events that were not taken.
--
-- Caller    aias.track; the HTTP server, every few seconds, with what it refused meanwhile.
-- Promise   today's counts of each tenant grow: what was malformed, over the rate, or sent away because the server had too much
--           to do. A tenant that is gone is passed over.
create or replace function aias_private.note_telemetry(
    p_tenants uuid[],
    p_rejected integer[],
    p_limited integer[],
    p_shed integer[]
)
returns void
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    insert into aias_private.telemetry_outcomes (tenant_id, day, rejected_count, limited_count, shed_count)
    select n.tenant_id, (aias_private.now() at time zone 'UTC')::date, n.rejected, n.limited, n.shed
    from unnest(p_tenants, p_rejected, p_limited, p_shed) as n(tenant_id, rejected, limited, shed)
$$;
revoke execute on function aias_private.note_telemetry(uuid[], integer[], integer[], integer[]) from public;
grant execute on function aias_private.note_telemetry(uuid[], integer[], integer[], integer[]) to aias_admin;
comment on function aias_private.note_telemetry(uuid[], integer[], integer[], integer[]) is
'Counts events that were not taken: malformed, over the rate, or too many at once.';
