-- aias_private.claim_executions: take those executions of a group of calls that nobody held.
--
-- Caller    advance_executions. Concerns claims that are current; it leaves the others (rescues, superseded jobs) alone.
-- Promise   as claim_execution.
-- Returns   p_answers, with the claim for each that it took.
-- requires: aias_private.step_rows
create or replace function aias_private.claim_executions(
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
    v_claim record;
    v_answers jsonb[] := p_answers;
begin
    for v_claim in
        with claimed as (
            update aias_private.executions as e
            set
                status = 'running',
                attempt = e.attempt + 1,
                worker_id = (n.call ->> 'worker')::bigint,
                is_wake_requested = false,
                wait_reason = null,
                wait_until = null,
                claimed_at = p_now,
                started_at = coalesce(e.started_at, p_now)
            from unnest(p_calls) as n
            where
                n.verb = 'claim'
                and n.is_current
                and not n.is_busy
                and e.tenant_id = n.tenant_id
                and e.id = n.execution_id
            returning n.place, e.*
        )

        select
            c.place,
            jsonb_build_object(
                'attempt', c.attempt,
                'tenant_slug', t.slug,
                'workflow_name', w.name,
                'workflow_id', c.workflow_id,
                'version', c.version,
                'input', c.input,
                'steps', case when c.attempt = 1 and c.replayed_from_id is null then '[]' else
                    aias_private.step_rows(c.tenant_id, c.id)
                end,
                'depth', c.depth,
                'trace_parent', c.trace_parent,
                'correlation_id', c.correlation_id,
                'trace_state', c.trace_state,
                'created_at', c.created_at,
                'started_at', c.started_at
            ) as answer
        from claimed as c
        inner join aias_private.workflows as w on w.tenant_id = c.tenant_id and w.id = c.workflow_id
        inner join aias_private.tenants as t on t.id = c.tenant_id
    loop
        v_answers[v_claim.place] := v_claim.answer;
    end loop;
    return v_answers;
end;
$$;
revoke execute on function
aias_private.claim_executions(aias_private.engine_call[], jsonb[], timestamptz) from public;
comment on function aias_private.claim_executions(aias_private.engine_call[], jsonb[], timestamptz) is
'Takes those executions of a group of calls that nobody held, each under a new attempt, and answers their calls.';
