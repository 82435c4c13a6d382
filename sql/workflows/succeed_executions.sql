-- aias_private.succeed_executions: end those executions of a group of calls that succeeded.
--
-- Caller    advance_executions, after record_plain_steps. Concerns finishes that are current, say `succeeded`, have plain changes or
--           none, and no parent who waits for the answer; it leaves the others alone.
-- Promise   as finish_execution.
-- Returns   p_answers, with true for each that it ended.
-- requires: aias_private.close_steps
create or replace function aias_private.succeed_executions(
    p_calls aias_private.engine_call[],
    p_answers jsonb[],
    p_now timestamptz
)
returns jsonb[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ended aias_private.engine_call[];
    v_call aias_private.engine_call;
    v_answers jsonb[] := p_answers;
begin
    v_ended := array(
        select n
        from unnest(p_calls) as n
        where
            n.verb = 'finish'
            and n.call ->> 'status' = 'succeeded'
            and n.is_current
            and not n.is_busy
            and not n.has_parent
            and n.has_plain_changes
    );
    if cardinality(v_ended) = 0 then
        return v_answers;
    end if;
    -- what the success passed by is closed, steps and effects; nearly always there is nothing
    perform aias_private.close_steps(o.tenant_id, o.execution_id)
    from (
        select s.tenant_id, s.execution_id
        from unnest(v_ended) as n
        inner join aias_private.steps as s on s.tenant_id = n.tenant_id and s.execution_id = n.execution_id
        where s.status in ('running', 'waiting')
        union
        select f.tenant_id, f.execution_id
        from unnest(v_ended) as n
        inner join aias_private.effects as f on f.tenant_id = n.tenant_id and f.execution_id = n.execution_id
        where f.state = 'intended'
    ) as o;
    update aias_private.executions as e
    set
        status = 'succeeded',
        output = n.call -> 'output',
        error = null,
        job_id = null,
        worker_id = null,
        finished_at = p_now
    from unnest(v_ended) as n
    where e.tenant_id = n.tenant_id and e.id = n.execution_id;
    foreach v_call in array v_ended loop
        v_answers[v_call.place] := 'true';
    end loop;
    return v_answers;
end;
$$;
revoke execute on function
aias_private.succeed_executions(aias_private.engine_call[], jsonb[], timestamptz) from public;
comment on function aias_private.succeed_executions(aias_private.engine_call[], jsonb[], timestamptz) is
'Ends those executions of a group of calls that succeeded, and answers their calls.';
