-- aias_private.reopen_gate: open a gate that is closed, and let those go on that wait for it.
--
-- Caller    aias.open_gate; note_upstream_calls, when the probe came back well.
-- Promise   the first p_wake of those who wait go on now, the others in turn (tend_gates), none later than its own time. What
--           the breaker counted before is forgotten. False: it was open.
-- Locks     the gate's row, then rows of executions, skip locked.
-- requires: aias_private.note_breaker
-- requires: aias_private.wake_gate_waiters
create or replace function aias_private.reopen_gate(
    p_tenant uuid,
    p_kind text,
    p_connection text,
    p_wake integer
)
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_gate aias_private.gates;
    v_integration uuid;
    v_now constant timestamptz := aias_private.now();
begin
    select g.* into v_gate
    from aias_private.gates as g
    where g.tenant_id = p_tenant and g.kind = p_kind and g.connection = p_connection and g.status = 'closed'
    for update;
    if not found then
        return false;
    end if;
    update aias_private.gates as g
    set
        status = 'open',
        closed_until = null,
        probe = null,
        probe_until = null,
        returner_until = null,
        opened_at = v_now
    where g.tenant_id = p_tenant and g.kind = p_kind and g.connection = p_connection;
    if v_gate.source = 'breaker' then
        select i.id into v_integration
        from aias_private.integrations as i
        where i.tenant_id = p_tenant and i.kind = p_kind and i.name = p_connection;
        if found then
            delete from aias_private.breaker_windows as b
            where b.tenant_id = p_tenant and b.integration_id = v_integration;
            perform aias_private.note_breaker(
                p_tenant, v_integration, p_kind, p_connection, 'closed', null, null, null
            );
        end if;
    end if;
    perform aias_private.wake_gate_waiters(v_gate.name, 'gate', p_wake);
    return true;
end;
$$;
revoke execute on function aias_private.reopen_gate(uuid, text, text, integer) from public;
comment on function aias_private.reopen_gate(uuid, text, text, integer) is
'Opens a closed gate and lets those go on that wait for it; false when it was open.';
