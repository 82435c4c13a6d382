-- aias_private.tend_gates: wake those who still wait for gates that have opened, and forget who waits no more.
--
-- Caller    note_upstream_calls, so every second while calls are made; the periodic task, each minute.
-- Promise   bounded: 200 executions of a gate, 100 stale rows. A step that was being written while its gate opened is found
--           here: gates are looked at for ten minutes after they opened.
-- Plan      gates_opened_at_idx, gate_waiters_until_idx.
-- requires: aias_private.wake_gate_waiters
create or replace function aias_private.tend_gates()
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_name text;
    v_count integer := 0;
    v_now constant timestamptz := aias_private.now();
begin
    for v_name in
        select g.name
        from aias_private.gates as g
        where
            g.status = 'open'
            and g.opened_at > v_now - interval '10 minutes'
            and exists (
                select from aias_private.gate_waiters as w where w.gate = g.name and w.kind = 'gate'
            )
        order by g.opened_at
        limit 20
    loop
        v_count := v_count + aias_private.wake_gate_waiters(v_name, 'gate', 200);
    end loop;
    delete from aias_private.gate_waiters as w
    where (w.tenant_id, w.execution_id, w.gate) in (
        select o.tenant_id, o.execution_id, o.gate
        from aias_private.gate_waiters as o
        where o.until < v_now - interval '1 minute'
        order by o.until
        limit 100
        for update skip locked
    );
    return v_count;
end;
$$;
revoke execute on function aias_private.tend_gates() from public;
comment on function aias_private.tend_gates() is
'Wakes those who still wait for gates that have opened, and says how many.';
