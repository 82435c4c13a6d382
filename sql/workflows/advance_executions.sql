-- aias_private.advance_executions: what the engine writes about several executions, in one transaction.
--
-- Caller    a worker's engine, which gathers the calls of its executions so that they share a commit. Each is fenced by its own
--           attempt: a superseded one changes nothing and spoils nobody. p_calls is an array of objects
--             {"do": "claim", "tenant", "execution", "job", "worker"}           answer: the claim; null: nothing to claim
--             {"do": "record", "tenant", "execution", "attempt", "changes"}     the steps as they are now; null: superseded
--             {"do": "finish", ..., "status", "output", "error", "changes"}     true; false: superseded
--             {"do": "suspend", ...}                                            as suspend_execution
--             {"do": "reload", ...}                                             as reload_execution
--           The changes of a finish are checkpoints that go with it. What was sent as output does not come back.
-- Promise   all of it or, with an error, nothing: the caller then makes the calls one by one. A call whose execution (or
--           parent) is locked by another transaction is not made: it comes back busy, and is to be made alone.
--           So no group waits for long, and none is part of a deadlock between executions.
-- Locks     the executions' rows and their parents', skip locked.
-- requires: aias_private.claim_execution
-- requires: aias_private.record_steps
-- requires: aias_private.finish_execution
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
    v_call record;
    v_held uuid[];
    v_steps jsonb;
    v_is_alone constant boolean := jsonb_array_length(p_calls) = 1;
begin
    if not v_is_alone then
        -- what else its calls may wait for (a key that another transaction is just making) is no reason to hold up all
        perform set_config('lock_timeout', '1s', true);
        v_held := array(
            select e.id
            from aias_private.executions as e
            where
                (e.tenant_id, e.id) in (
                    select n.tenant, n.execution
                    from jsonb_to_recordset(p_calls) as n(tenant uuid, execution uuid)
                    union
                    select c.tenant_id, c.parent_execution_id
                    from jsonb_to_recordset(p_calls) as n(tenant uuid, execution uuid)
                    inner join aias_private.executions as c on c.tenant_id = n.tenant and c.id = n.execution
                    where c.parent_execution_id is not null
                )
            for update skip locked
        );
    end if;
    for v_call in
        select
            c.place,
            c.call ->> 'do' as verb,
            (c.call ->> 'tenant')::uuid as tenant,
            (c.call ->> 'execution')::uuid as execution,
            (c.call ->> 'attempt')::integer as attempt,
            c.call
        from jsonb_array_elements(p_calls) with ordinality as c(call, place)
        order by c.place
    loop
        place := v_call.place;
        at := aias_private.now();
        is_busy := not v_is_alone and not (
            v_call.execution = any(v_held)
            and not exists (
                select
                from aias_private.executions as e
                where
                    e.tenant_id = v_call.tenant
                    and e.id = v_call.execution
                    and e.parent_execution_id <> all(v_held)
            )
        );
        answer := null;
        if is_busy then
            return next;
            continue;
        end if;
        v_steps := null;
        if v_call.call -> 'changes' is not null then
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
                                from jsonb_to_recordset(v_call.call -> 'changes') as s(id text, item integer, "to" text)
                                where s."to" = 'succeeded'
                            ) then r.output
                        end,
                        'error', r.error,
                        'wait_kind', r.wait_kind,
                        'wait_until', r.wait_until
                    )
                )
            into v_steps
            from aias_private.record_steps(
                v_call.tenant, v_call.execution, v_call.attempt, v_call.call -> 'changes'
            ) as r;
        end if;
        case v_call.verb
            when 'claim' then
                answer := (
                    select to_jsonb(r)
                    from aias_private.claim_execution(
                        v_call.tenant,
                        v_call.execution,
                        (v_call.call ->> 'job')::bigint,
                        (v_call.call ->> 'worker')::bigint
                    ) as r
                );
            when 'record' then
                answer := v_steps;
            when 'finish' then
                answer := to_jsonb(
                    (v_steps is not null or v_call.call -> 'changes' is null)
                    and aias_private.finish_execution(
                        v_call.tenant,
                        v_call.execution,
                        v_call.attempt,
                        v_call.call ->> 'status',
                        v_call.call -> 'output',
                        nullif(v_call.call -> 'error', 'null')
                    )
                );
            when 'suspend' then
                answer := to_jsonb(
                    aias_private.suspend_execution(v_call.tenant, v_call.execution, v_call.attempt)
                );
            when 'reload' then
                answer := aias_private.reload_execution(v_call.tenant, v_call.execution, v_call.attempt);
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
