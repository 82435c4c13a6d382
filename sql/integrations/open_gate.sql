-- aias.open_gate: let the steps that wait for an upstream go on.
--
-- Promise   up to 1,000 executions go on at once, the others in turn. True: it was closed; false: it was open, nothing changed.
-- Locks     the gate's row, then rows of executions, skip locked.
-- Errors    JR403 the gate of a kind, and the caller is confined to a tenant; JR404 there is no such tenant or connection; JR422 the name is
--           malformed.
-- requires: aias_private.gate_key
-- requires: aias_private.nil_uuid
-- requires: aias_private.record_audit
-- requires: aias_private.reopen_gate
create or replace function aias.open_gate(p_gate text)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key record;
    v_before jsonb;
begin
    select k.tenant_id, k.kind, k.connection, k.name into v_key
    from aias_private.gate_key(p_gate) as k;
    select jsonb_strip_nulls(
        jsonb_build_object(
            'status', g.status, 'source', g.source, 'reason', g.reason, 'closed_by', g.closed_by, 'until', g.closed_until
        )
    ) into v_before
    from aias_private.gates as g
    where g.tenant_id = v_key.tenant_id and g.kind = v_key.kind and g.connection = v_key.connection
    for update;
    if not aias_private.reopen_gate(v_key.tenant_id, v_key.kind, v_key.connection, 1000) then
        return false;
    end if;
    perform aias_private.record_audit(
        nullif(v_key.tenant_id, aias_private.nil_uuid()),
        'gate.opened',
        'gate',
        v_key.name,
        jsonb_build_object('status', 'open', 'before', v_before)
    );
    return true;
end;
$$;
revoke execute on function aias.open_gate(text) from public;
grant execute on function aias.open_gate(text) to aias_app, aias_admin;
comment on function aias.open_gate(text) is
'Opens a gate: the steps that wait for the upstream go on. False when it was open.';
