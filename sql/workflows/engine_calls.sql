-- aias_private.engine_calls: the calls of a group with what their executions are like, locked.
--
-- Caller    advance_executions; p_is_alone: the one execution is locked already, else rows that others hold are passed over.
-- Promise   an element per call, in order. is_current: the execution is in the state from which the call goes on (running under
--           its attempt; for a claim waiting for its job) and no other call of the group concerns it.
-- Locks     the executions' rows and then their parents', skip locked: the order child, parent can't deadlock when nobody waits.
create or replace function aias_private.engine_calls(
    p_calls jsonb,
    p_is_alone boolean
)
returns aias_private.engine_call[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenants uuid[];
    v_executions uuid[];
    v_held aias_private.executions[];
    v_parents uuid[] := '{}';
begin
    -- each once: a group may hold calls of an attempt and of the one that took over from it
    select array_agg(n.tenant), array_agg(n.execution) into v_tenants, v_executions
    from (
        select distinct
            (c.call ->> 'tenant')::uuid as tenant,
            (c.call ->> 'execution')::uuid as execution
        from jsonb_array_elements(p_calls) as c(call)
    ) as n;
    if p_is_alone then
        v_held := array(
            select e
            from aias_private.executions as e
            where e.tenant_id = v_tenants[1] and e.id = v_executions[1]
        );
    else
        v_held := array(
            select e
            from unnest(v_tenants, v_executions) as n(tenant_id, id)
            inner join aias_private.executions as e on e.tenant_id = n.tenant_id and e.id = n.id
            for update of e skip locked
        );
        if exists (select from unnest(v_held) as h where h.parent_execution_id is not null) then
            v_parents := array(
                select p.id
                from unnest(v_held) as h
                inner join aias_private.executions as p
                    on p.tenant_id = h.tenant_id and p.id = h.parent_execution_id
                for no key update of p skip locked
            );
        end if;
    end if;
    return array(
        select
            (
                c.place,
                c.call ->> 'do',
                (c.call ->> 'tenant')::uuid,
                (c.call ->> 'execution')::uuid,
                (c.call ->> 'attempt')::integer,
                c.call -> 'changes',
                not exists (
                    select
                    from jsonb_array_elements(c.call -> 'changes') as g(change)
                    group by g.change -> 'id', g.change -> 'item'
                    having count(*) > 1 or bool_or(g.change ->> 'to' not in ('running', 'succeeded', 'skipped'))
                ),
                c.call,
                not p_is_alone and (
                    h.id is null
                    or h.parent_execution_id is not null and h.parent_execution_id <> all(v_parents)
                ),
                coalesce(
                    case
                        when c.call ->> 'do' = 'claim' then
                            h.status in ('queued', 'waiting') and h.job_id = (c.call ->> 'job')::bigint
                        else h.status = 'running' and h.attempt = (c.call ->> 'attempt')::integer
                    end
                    and count(*) over (partition by c.call -> 'execution') = 1,
                    false
                ),
                h.parent_execution_id is not null
            )::aias_private.engine_call
        from jsonb_array_elements(p_calls) with ordinality as c(call, place)
        left join unnest(v_held) as h
            on h.tenant_id = (c.call ->> 'tenant')::uuid and h.id = (c.call ->> 'execution')::uuid
        order by c.place
    );
end;
$$;
revoke execute on function aias_private.engine_calls(jsonb, boolean) from public;
comment on function aias_private.engine_calls(jsonb, boolean) is
'Locks the executions of a group of calls, as far as nobody else holds them, and gives the calls with what was found.';
