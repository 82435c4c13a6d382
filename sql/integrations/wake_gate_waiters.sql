-- aias_private.wake_gate_waiters: let executions go on that wait for a gate, or for a place under a limit.
--
-- Caller    whatever opens a gate or gives a place back; tend_gates for those that are left.
-- Promise   at most p_limit go on, those that waited longest first. A row whose execution does not wait for it any more is
--           removed and not counted. One that a worker is just writing is left for the next call.
-- Locks     rows of gate_waiters and of executions, skip locked: never waits.
-- Plan      gate_waiters_gate_idx.
-- requires: aias_private.wake_execution
create or replace function aias_private.wake_gate_waiters(
    p_gate text,
    p_kind text,
    p_limit integer
)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_waiter record;
    v_status text;
    v_count integer := 0;
    v_now constant timestamptz := aias_private.now();
begin
    -- twice as many are looked at as are woken: some may be stale
    for v_waiter in
        select w.tenant_id, w.execution_id
        from aias_private.gate_waiters as w
        where w.gate = p_gate and w.kind = p_kind
        order by w.created_at
        limit p_limit * 2
        for update skip locked
    loop
        exit when v_count >= p_limit;
        select e.status into v_status
        from aias_private.executions as e
        where e.tenant_id = v_waiter.tenant_id and e.id = v_waiter.execution_id
        for update skip locked;
        if not found and exists (
            select
            from aias_private.executions as e
            where e.tenant_id = v_waiter.tenant_id and e.id = v_waiter.execution_id
        ) then
            continue;
        end if;
        update aias_private.steps as s
        set wait_until = v_now
        where
            s.tenant_id = v_waiter.tenant_id
            and s.execution_id = v_waiter.execution_id
            and s.status = 'waiting'
            and s.wait_kind in ('gate', 'limit')
            and s.wait_detail ->> 'gate' = p_gate
            and (s.wait_until is null or s.wait_until > v_now);
        if found and v_status in ('running', 'waiting') then
            perform aias_private.wake_execution(v_waiter.tenant_id, v_waiter.execution_id);
            v_count := v_count + 1;
        end if;
        delete from aias_private.gate_waiters as w
        where w.tenant_id = v_waiter.tenant_id and w.execution_id = v_waiter.execution_id and w.gate = p_gate;
    end loop;
    return v_count;
end;
$$;
revoke execute on function aias_private.wake_gate_waiters(text, text, integer) from public;
comment on function aias_private.wake_gate_waiters(text, text, integer) is
'Lets executions go on that wait for a gate or a place, the longest waiting first, and says how many.';
