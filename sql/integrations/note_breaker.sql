-- aias_private.note_breaker: a breaker has opened or closed; tell it.
--
-- Promise   in the caller's transaction: a row of breaker_transitions, a row of the audit log, and a notification on the
--           channel aias_event when it commits.
-- requires: aias_private.gate_name
-- requires: aias_private.record_audit
create or replace function aias_private.note_breaker(
    p_tenant uuid,
    p_integration uuid,
    p_kind text,
    p_connection text,
    p_state text,
    p_call_count integer,
    p_failure_count integer,
    p_until timestamptz
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_name constant text := aias_private.gate_name(p_tenant, p_kind, p_connection);
    v_detail constant jsonb := jsonb_strip_nulls(
        jsonb_build_object(
            'gate', v_name, 'call_count', p_call_count, 'failure_count', p_failure_count, 'until', p_until
        )
    );
begin
    insert into aias_private.breaker_transitions (
        tenant_id, integration_id, state, call_count, failure_count, until
    )
    values (p_tenant, p_integration, p_state, p_call_count, p_failure_count, p_until);
    perform aias_private.record_audit(
        p_tenant,
        case p_state when 'open' then 'breaker.opened' else 'breaker.closed' end,
        'integration',
        p_integration::text,
        v_detail
    );
    perform pg_notify(
        'aias_event',
        (
            v_detail
            || jsonb_build_object(
                'type', case p_state when 'open' then 'breaker.opened' else 'breaker.closed' end,
                'tenant_id', p_tenant,
                'integration_id', p_integration
            )
        )::text
    );
end;
$$;
revoke execute on function aias_private.note_breaker(uuid, uuid, text, text, text, integer, integer, timestamptz)
from public;
comment on function aias_private.note_breaker(uuid, uuid, text, text, text, integer, integer, timestamptz) is
'Notes that a breaker opened or closed: history, audit log, notification.';
