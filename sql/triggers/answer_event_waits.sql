-- aias_private.answer_event_waits: look again for events that were just being emitted when an execution began to wait.
--
-- Caller    the task aias.answer_event_waits. p_horizon null: its first look; else the end (xid8) of that look's snapshot.
-- Promise   a job follows, each time twice as long after (at most a minute), until the steps do not wait any more or every
--           transaction that ran at the first look has ended: what begins later sees the waiting steps itself.
-- Returns   true when there is nothing left to look for.
-- Locks     the execution's row.
-- Errors    JR422 the horizon is no transaction's number.
-- requires: aias_private.answer_event_wait
-- requires: aias_private.insert_tenant_job
-- requires: aias_private.lock_execution
-- requires: aias_private.wake_execution
create or replace function aias_private.answer_event_waits(
    p_tenant uuid,
    p_execution uuid,
    p_horizon text,
    p_look integer
)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_snapshot pg_snapshot;
    v_horizon xid8;
    v_step aias_private.steps;
    v_is_waiting boolean := false;
begin
    if p_horizon !~ '^[0-9]{1,19}$' then
        raise exception 'the horizon % is no transaction''s number', quote_literal(p_horizon)
            using errcode = 'JR422', column = 'p_horizon';
    end if;
    perform aias_private.lock_execution(p_tenant, p_execution);
    -- before the look: what it counts as ended, the look sees
    v_snapshot := pg_current_snapshot();
    v_horizon := coalesce(p_horizon::xid8, pg_snapshot_xmax(v_snapshot));
    for v_step in
        select s.*
        from aias_private.steps as s
        where
            s.tenant_id = p_tenant
            and s.execution_id = p_execution
            and s.status = 'waiting'
            and s.wait_kind = 'event'
            and s.wait_detail ? 'match'
        order by s.id, s.item
    loop
        if aias_private.answer_event_wait(v_step) then
            perform aias_private.wake_execution(p_tenant, p_execution);
        else
            v_is_waiting := true;
        end if;
    end loop;
    if not v_is_waiting
        or not exists (select from pg_snapshot_xip(v_snapshot) as x(id) where x.id < v_horizon)
    then
        return true;
    end if;
    perform aias_private.insert_tenant_job(
        p_tenant,
        'aias.answer_event_waits',
        jsonb_build_object('execution_id', p_execution, 'horizon', v_horizon::text, 'look', p_look + 1),
        aias_private.now() + least(interval '0.1 s' * power(2, least(p_look, 20)), interval '1 minute')
    );
    return false;
end;
$$;
revoke execute on function aias_private.answer_event_waits(uuid, uuid, text, integer) from public;
grant execute on function aias_private.answer_event_waits(uuid, uuid, text, integer) to aias_worker;
comment on function aias_private.answer_event_waits(uuid, uuid, text, integer) is
'Looks again for events that were just being emitted when an execution began to wait; true when that is over.';
