-- aias_private.shut_gate: close a connection's gate because of what its upstream did.
--
-- Caller    note_upstream_calls: the upstream asked for a pause (source upstream), or too many calls failed (breaker).
-- Promise   p_pause is what the upstream asked for; null: p_shortest, doubled with each closing since the gate was last open for
--           longer than the rule's longest pause, and p_longest at most. A gate that is closed stays so at least as
--           long as it was to; calls that were under way when it closed don't count as closings. What an operator closed stays
--           the operator's.
-- Returns   until when the gate is closed; null when it was closed before and nothing changed that others are told of.
-- Locks     the gate's row.
create or replace function aias_private.shut_gate(
    p_tenant uuid,
    p_kind text,
    p_connection text,
    p_source text,
    p_reason text,
    p_pause interval,
    p_shortest interval,
    p_longest interval
)
returns timestamptz
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_gate aias_private.gates;
    v_count integer;
    v_until timestamptz;
    v_now constant timestamptz := aias_private.now();
begin
    insert into aias_private.gates as g (tenant_id, kind, connection, name)
    values (p_tenant, p_kind, p_connection, aias_private.gate_name(p_tenant, p_kind, p_connection))
    on conflict (tenant_id, kind, connection) do nothing;
    select g.* into v_gate
    from aias_private.gates as g
    where g.tenant_id = p_tenant and g.kind = p_kind and g.connection = p_connection
    for update;
    if v_gate.status = 'closed' and (v_gate.closed_until is null or v_gate.closed_until > v_now) then
        -- told before; a longer pause counts, where there is an end at all
        update aias_private.gates as g
        set
            closed_until = case when g.closed_until is not null then greatest(g.closed_until, v_now + p_pause) end,
            probe = null,
            probe_until = null
        where g.tenant_id = p_tenant and g.kind = p_kind and g.connection = p_connection;
        return null;
    end if;
    v_count := case
        when v_gate.status = 'open' and v_gate.opened_at < v_now - p_longest then 1
        else v_gate.close_count + 1
    end;
    v_until := v_now + coalesce(p_pause, least(p_shortest * power(2, least(v_count - 1, 20)), p_longest));
    update aias_private.gates as g
    set
        status = 'closed',
        source = case when v_gate.status = 'closed' and v_gate.source = 'breaker' then 'breaker' else p_source end,
        reason = p_reason,
        closed_by = 'aias',
        closed_at = case when v_gate.status = 'closed' then g.closed_at else v_now end,
        closed_until = v_until,
        close_count = v_count,
        probe = null,
        probe_until = null,
        returner_until = null,
        opened_at = null
    where g.tenant_id = p_tenant and g.kind = p_kind and g.connection = p_connection;
    return v_until;
end;
$$;
-- requires: aias_private.gate_name
revoke execute on function aias_private.shut_gate(uuid, text, text, text, text, interval, interval, interval) from public;
comment on function aias_private.shut_gate(uuid, text, text, text, text, interval, interval, interval) is
'Closes a connection''s gate for a while because of what its upstream did.';
