-- aias_private.wake_limited_executions: let executions go on that wait for the limit of a connection.
--
-- Caller    aias.set_limit, aias.remove_limit: times to come back that the former limit gave mean nothing any more.
-- Promise   at most p_limit, the oldest first; the others come at the times that they were given.
-- Locks     rows of executions, skip locked.
-- Plan      executions_live_idx: the live executions of the tenant.
-- requires: aias_private.wake_execution
create or replace function aias_private.wake_limited_executions(
    p_tenant uuid,
    p_gate text,
    p_limit integer
)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id uuid;
    v_count integer := 0;
begin
    for v_id in
        select e.id
        from aias_private.executions as e
        where
            e.tenant_id = p_tenant
            and e.status = 'waiting'
            and exists (
                select
                from aias_private.steps as s
                where
                    s.tenant_id = e.tenant_id
                    and s.execution_id = e.id
                    and s.status = 'waiting'
                    and s.wait_kind = 'limit'
                    and s.wait_detail ->> 'gate' = p_gate
            )
        order by e.id
        limit p_limit
        for update skip locked
    loop
        update aias_private.steps as s
        set wait_until = aias_private.now()
        where
            s.tenant_id = p_tenant
            and s.execution_id = v_id
            and s.status = 'waiting'
            and s.wait_kind = 'limit'
            and s.wait_detail ->> 'gate' = p_gate;
        perform aias_private.wake_execution(p_tenant, v_id);
        v_count := v_count + 1;
    end loop;
    return v_count;
end;
$$;
revoke execute on function aias_private.wake_limited_executions(uuid, text, integer) from public;
comment on function aias_private.wake_limited_executions(uuid, text, integer) is
'Lets executions go on that wait for the limit of a connection, and says how many.';
