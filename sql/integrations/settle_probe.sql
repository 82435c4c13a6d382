-- aias_private.settle_probe: the call that was let through a closed gate has ended.
--
-- Caller    note_upstream_calls, with the probe's holder.
-- Promise   ok: the gates that it was let through open, and those who wait go on. failed: they close again, for longer. gone
--           (its worker was stopped before it knew): the next one is let through. A probe whose lease ran out decides nothing.
-- Locks     the gates' rows, the kind's before the connection's; then rows of executions, skip locked.
-- requires: aias_private.reopen_gate
-- requires: aias_private.shut_gate
-- requires: aias_private.upstream_rule
-- requires: aias_private.wake_gate_waiters
create or replace function aias_private.settle_probe(
    p_tenant uuid,
    p_kind text,
    p_connection text,
    p_holder uuid,
    p_verdict text,
    p_reason text
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_gate aias_private.gates;
    v_rule constant aias_private.upstream_rules := aias_private.upstream_rule(p_kind);
begin
    for v_gate in
        select g.*
        from aias_private.gates as g
        where
            g.status = 'closed'
            and g.kind = p_kind
            and g.probe = p_holder
            and (g.tenant_id, g.connection) in (
                ('00000000-0000-0000-0000-000000000000'::uuid, ''), (p_tenant, p_connection)
            )
        order by g.tenant_id
        for update
    loop
        case p_verdict
            when 'ok' then
                perform aias_private.reopen_gate(v_gate.tenant_id, v_gate.kind, v_gate.connection, 200);
            when 'failed' then
                perform aias_private.shut_gate(
                    v_gate.tenant_id,
                    v_gate.kind,
                    v_gate.connection,
                    'upstream',
                    left('the probe failed: ' || p_reason, 500),
                    null,
                    v_rule.open_for,
                    v_rule.longest_open
                );
            else
                update aias_private.gates as g
                set probe = null, probe_until = null, returner_until = null
                where
                    g.tenant_id = v_gate.tenant_id and g.kind = v_gate.kind and g.connection = v_gate.connection;
                perform aias_private.wake_gate_waiters(v_gate.name, 'gate', 1);
        end case;
    end loop;
end;
$$;
revoke execute on function aias_private.settle_probe(uuid, text, text, uuid, text, text) from public;
comment on function aias_private.settle_probe(uuid, text, text, uuid, text, text) is
'Opens or closes the gates that a probe was let through, as it came back.';
