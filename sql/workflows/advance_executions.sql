-- aias_private.advance_executions: what the engine writes about several executions, in one transaction.
--
-- Caller    a worker's engine, which gathers the calls of its executions so that they share a commit. Each is fenced by its own
--           attempt: a superseded one changes nothing and spoils nobody. p_calls is an array of objects
--             {"do": "claim", "tenant", "execution", "job", "worker"}           answer: the claim; null: nothing to claim
--             {"do": "record", "tenant", "execution", "attempt", "changes"}     the attempts of the changed steps, in order,
--                                                                               or the steps as they are now; null: superseded
--             {"do": "finish", ..., "status", "output", "error", "changes"}     true; false: superseded
--             {"do": "suspend", ...}                                            as suspend_execution
--             {"do": "reload", ...}                                             as reload_execution
--           The changes of a finish are checkpoints that go with it. What was sent as output does not come back.
-- Promise   all of it or, with an error, nothing: the caller then makes the calls one by one. A call whose execution (or
--           parent) is locked by another transaction is not made: it comes back busy, and is to be made alone.
--           So no group waits for long, and none is part of a deadlock between executions.
-- Cost      what nearly every call is (a claim of what nobody held, plain checkpoints, a success) is written for all calls of the
--           group at once; the others are made one by one afterwards, by the functions that they are named after.
-- Locks     the executions' rows and their parents', skip locked.
-- requires: aias_private.claim_execution
-- requires: aias_private.claim_executions
-- requires: aias_private.record_plain_steps
-- requires: aias_private.record_steps
-- requires: aias_private.finish_execution
-- requires: aias_private.succeed_executions
-- requires: aias_private.suspend_execution
-- requires: aias_private.reload_execution
create or replace function aias_private.advance_executions(p_calls jsonb)
returns table (
    place integer,
    is_busy boolean,
    answer jsonb,
    at timestamptz
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_is_alone constant boolean := jsonb_array_length(p_calls) = 1;
    v_now constant timestamptz := aias_private.now();
    v_calls aias_private.engine_call[];
    v_answers jsonb[];
    v_call aias_private.engine_call;
    v_steps jsonb;
begin
    if v_is_alone then
        perform aias_private.lock_execution((p_calls #>> '{0,tenant}')::uuid, (p_calls #>> '{0,execution}')::uuid);
    else
        -- what else its calls may wait for (a key that another transaction is just making) is no reason to hold up all
        perform set_config('lock_timeout', '1s', true);
    end if;
    v_calls := aias_private.engine_calls(p_calls, v_is_alone);
    v_answers := array_fill(null::jsonb, array[cardinality(v_calls)]);
    v_answers := aias_private.record_plain_steps(v_calls, v_answers, v_now);
    v_answers := aias_private.succeed_executions(v_calls, v_answers, v_now);
    v_answers := aias_private.claim_executions(v_calls, v_answers, v_now);
    foreach v_call in array v_calls loop
        place := v_call.place;
        at := v_now;
        is_busy := v_call.is_busy;
        answer := v_answers[v_call.place];
        if is_busy or answer is not null then
            return next;
            continue;
        end if;
        v_steps := null;
        if v_call.changes is not null then
            select
                jsonb_agg(
                    jsonb_build_object(
                        'id', r.id,
                        'item', r.item,
                        'status', r.status,
                        'attempt_count', r.attempt_count,
                        'output', case
                            when (r.id, r.item) not in (
                                select s.id, s.item
                                from jsonb_to_recordset(v_call.changes) as s(id text, item integer, "to" text)
                                where s."to" = 'succeeded'
                            ) then r.output
                        end,
                        'error', r.error,
                        'wait_kind', r.wait_kind,
                        'wait_until', r.wait_until
                    )
                )
            into v_steps
            from aias_private.record_steps(v_call.tenant_id, v_call.execution_id, v_call.attempt, v_call.changes) as r;
        end if;
        case v_call.verb
            when 'claim' then
                answer := (
                    select to_jsonb(r)
                    from aias_private.claim_execution(
                        v_call.tenant_id,
                        v_call.execution_id,
                        (v_call.call ->> 'job')::bigint,
                        (v_call.call ->> 'worker')::bigint
                    ) as r
                );
            when 'record' then
                answer := v_steps;
            when 'finish' then
                answer := to_jsonb(
                    (v_steps is not null or v_call.changes is null)
                    and aias_private.finish_execution(
                        v_call.tenant_id,
                        v_call.execution_id,
                        v_call.attempt,
                        v_call.call ->> 'status',
                        v_call.call -> 'output',
                        nullif(v_call.call -> 'error', 'null')
                    )
                );
            when 'suspend' then
                answer := to_jsonb(
                    aias_private.suspend_execution(v_call.tenant_id, v_call.execution_id, v_call.attempt)
                );
            when 'reload' then
                answer := aias_private.reload_execution(v_call.tenant_id, v_call.execution_id, v_call.attempt);
            else
                raise exception 'the engine does not ask for %', coalesce(quote_literal(v_call.verb), 'null')
                    using errcode = 'JR422', column = 'p_calls';
        end case;
        return next;
    end loop;
end;
$$;
revoke execute on function aias_private.advance_executions(jsonb) from public;
comment on function aias_private.advance_executions(jsonb) is
'Makes the calls of several executions in one transaction, each under its own attempt, and gives their answers.';
