-- aias_private.record_steps: write checkpoints, all of a call or none.
--
-- Caller    the engine, with the attempt that it holds. p_changes is an array of objects
--             {"id", "item", "action", "to": "running", "effect"}         one more attempt begins
--             {"id", "item", "action", "to": "succeeded", "output"}
--             {"id", "item", "action", "to": "skipped"}
--             {"id", "item", "action", "to": "failed", "error", "transient", "retry_after", "policy"}
--             {"id", "item", "action", "to": "waiting", "kind", "until", "detail"}
--             {"id", "item", "action", "to": "deferred", "kind", "until", "detail"}       put off before anything was done
-- Promise   a step that is done never changes. Whether a failure is repeated, and when, is decided here: it comes back
--           as `waiting` for a retry or as `failed`; then what it has begun outside and not settled is in doubt. A wait for an
--           event whose signal came before, or that matches one that came, is answered at once; a wait for a child execution starts the child, once. What was
--           put off gets its attempt back and is called again when its wait ends; the 1001st time it fails instead.
-- Returns   the named steps as they are now; no row when the attempt was superseded or the execution cancelled: the
--           caller stops and writes nothing more.
-- Locks     the execution's row, shared: attempts of others wait, checkpoints of this one do not. The type of an event, as begin_event_wait says.
-- requires: aias_private.retry_delay
-- requires: aias_private.is_flag_on
-- requires: aias_private.add_execution_event
-- requires: aias_private.defer_step
-- requires: aias_private.start_child
-- requires: aias_private.doubt_effects
-- requires: aias_private.begin_event_wait
create or replace function aias_private.record_steps(
    p_tenant uuid,
    p_execution uuid,
    p_attempt integer,
    p_changes jsonb
)
returns table (
    id text,
    item integer,
    status text,
    attempt_count integer,
    output jsonb,
    error jsonb,
    wait_kind text,
    wait_until timestamptz
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_change jsonb;
    v_to text;
    v_until timestamptz;
    v_child uuid;
    v_refusal jsonb;
    v_signal aias_private.signals;
    v_step aias_private.steps;
    v_now constant timestamptz := aias_private.now();
begin
    perform from aias_private.executions as e
    where e.tenant_id = p_tenant and e.id = p_execution and e.attempt = p_attempt and e.status = 'running'
    for share;
    if not found then
        return;
    end if;
    for v_change in select c.change from jsonb_array_elements(p_changes) as c(change) loop
        v_to := v_change ->> 'to';
        -- the row as this change finds it, and as it leaves it where that is plain; a first change makes it
        insert into aias_private.steps as s (
            tenant_id, execution_id, id, item, action, effect, status, attempt_count, execution_attempt, output,
            started_at, finished_at
        )
        values (
            p_tenant,
            p_execution,
            v_change ->> 'id',
            (v_change ->> 'item')::integer,
            v_change ->> 'action',
            coalesce(v_change ->> 'effect', 'idempotent'),
            case when v_to in ('succeeded', 'skipped') then v_to else 'running' end,
            (v_to <> 'skipped')::integer,
            p_attempt,
            case when v_to = 'succeeded' then v_change -> 'output' end,
            v_now,
            case when v_to in ('succeeded', 'skipped') then v_now end
        )
        on conflict (tenant_id, execution_id, id, item) do update
        set
            attempt_count = s.attempt_count + (v_to = 'running')::integer,
            execution_attempt = p_attempt,
            started_at = case when v_to = 'running' then v_now else s.started_at end,
            status = excluded.status,
            output = case when v_to = 'succeeded' then excluded.output else s.output end,
            error = case when v_to = 'succeeded' then null else s.error end,
            wait_kind = null,
            wait_until = null,
            wait_detail = case when v_to = 'running' then null else s.wait_detail end,
            finished_at = excluded.finished_at
        where s.status in ('running', 'waiting')
        returning s.* into v_step;
        if not found then
            continue;  -- done before: its checkpoint stands
        end if;
        case v_to
            when 'running', 'succeeded', 'skipped' then
                null;
            when 'failed' then
                v_until := case when coalesce((v_change ->> 'transient')::boolean, false) then
                    v_now + aias_private.retry_delay(
                        v_step.action,
                        coalesce(nullif(v_change -> 'policy', 'null'), '{}') || case
                            when aias_private.is_flag_on('equal_jitter', p_tenant) then '{"jitter": "equal"}' else '{}'
                        end::jsonb,
                        v_step.attempt_count,
                        make_interval(secs => (v_change ->> 'retry_after')::double precision)
                    )
                end;
                update aias_private.steps as s
                set
                    status = case when v_until is null then 'failed' else 'waiting' end,
                    error = coalesce(nullif(v_change -> 'error', 'null'), '{"type": "Unknown", "message": "no reason was given"}'),
                    wait_kind = case when v_until is not null then 'retry' end,
                    wait_until = v_until,
                    finished_at = case when v_until is null then v_now end
                where s.tenant_id = p_tenant and s.execution_id = p_execution and s.id = v_step.id and s.item = v_step.item;
                perform aias_private.add_execution_event(
                    p_tenant,
                    p_execution,
                    case when v_until is null then 'step_failed' else 'step_retry_scheduled' end,
                    v_step.id,
                    v_step.item,
                    v_step.attempt_count,
                    jsonb_strip_nulls(jsonb_build_object('error', v_change -> 'error', 'retry_at', v_until))
                );
                if v_until is null then
                    perform aias_private.doubt_effects(p_tenant, p_execution, v_step.id, v_step.item);
                end if;
            when 'waiting' then
                v_until := (v_change ->> 'until')::timestamptz;
                v_child := null;
                v_refusal := null;
                v_signal := null;
                if v_change ->> 'kind' = 'event' then
                    update aias_private.signals as g
                    set consumed_at = v_now
                    where
                        g.tenant_id = p_tenant
                        and g.execution_id = p_execution
                        and g.id = (
                            select o.id
                            from aias_private.signals as o
                            where
                                o.tenant_id = p_tenant
                                and o.execution_id = p_execution
                                and o.name = v_change #>> '{detail,name}'
                                and o.consumed_at is null
                            order by o.id
                            limit 1
                        )
                    returning g.* into v_signal;
                elsif v_change ->> 'kind' = 'execution' then
                    begin
                        v_child := aias_private.start_child(
                            p_tenant, p_execution, v_step.id, v_step.item, v_change -> 'detail'
                        );
                    exception
                        -- a child that can't be started fails its step, not the whole call
                        when sqlstate 'JR404' or sqlstate 'JR409' or sqlstate 'JR422' then
                            v_refusal := jsonb_build_object('type', 'ChildExecution', 'message', sqlerrm);
                    end;
                end if;
                update aias_private.steps as s
                set
                    status = case
                        when v_refusal is not null then 'failed'
                        when v_signal.id is not null then 'succeeded'
                        else 'waiting'
                    end,
                    output = v_signal.payload,
                    error = coalesce(v_refusal, s.error),
                    wait_kind = case when v_signal.id is null and v_refusal is null then v_change ->> 'kind' end,
                    wait_until = case when v_signal.id is null and v_refusal is null then v_until end,
                    wait_detail = nullif(v_change -> 'detail', 'null'),
                    child_execution_id = coalesce(v_child, s.child_execution_id),
                    finished_at = case when v_signal.id is not null or v_refusal is not null then v_now end
                where s.tenant_id = p_tenant and s.execution_id = p_execution and s.id = v_step.id and s.item = v_step.item
                returning s.* into v_step;
                if v_step.status = 'waiting' and v_step.wait_kind = 'event' and v_step.wait_detail ? 'match' then
                    perform aias_private.begin_event_wait(v_step);
                end if;
            when 'deferred' then
                perform aias_private.defer_step(v_step, v_change);
            else
                raise exception 'a step does not go to %', coalesce(quote_literal(v_to), 'null')
                    using errcode = 'JR422', column = 'p_changes';
        end case;
    end loop;
    return query
    select s.id, s.item, s.status, s.attempt_count, s.output, s.error, s.wait_kind, s.wait_until
    from aias_private.steps as s
    inner join (
        select distinct c.change ->> 'id' as id, (c.change ->> 'item')::integer as item
        from jsonb_array_elements(p_changes) as c(change)
    ) as n on n.id = s.id and n.item = s.item
    where s.tenant_id = p_tenant and s.execution_id = p_execution
    order by s.id, s.item;
end;
$$;
revoke execute on function aias_private.record_steps(uuid, uuid, integer, jsonb) from public;
comment on function aias_private.record_steps(uuid, uuid, integer, jsonb) is
'Writes checkpoints under an attempt, decides on retries, and returns the steps as they are now.';
