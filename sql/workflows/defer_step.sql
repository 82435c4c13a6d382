-- aias_private.defer_step: put a step off that met a closed gate or a used up limit.
--
-- Caller    record_steps, which holds the execution and has just written the step's row.
-- Promise   the step waits, and the attempt that was counted when the call began is given back. A gate that has just opened is
--           not waited for. After 1,000 times the step fails: whatever keeps it will not end by waiting.
-- Race      a gate that opens while this is being written finds no one to wake; tend_gates looks again.
-- Locks     the step's row.
-- requires: aias_private.add_execution_event
create or replace function aias_private.defer_step(
    p_step aias_private.steps,
    p_change jsonb
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_is_over constant boolean := p_step.deferral_count >= 1000;
    v_error constant jsonb := jsonb_build_object(
        'type', 'DeferredTooOften',
        'message', format('put off %s times: %s', p_step.deferral_count, p_change #>> '{detail,message}'),
        'detail', nullif(p_change -> 'detail', 'null')
    );
    v_gate constant text := p_change #>> '{detail,gate}';
    v_until timestamptz := p_change ->> 'until';
    v_now constant timestamptz := aias_private.now();
begin
    -- a place under a limit of calls at once is given back as a gate is opened: whoever waits is woken
    if not v_is_over and v_gate is not null and (p_change ->> 'kind' = 'gate' or p_change #> '{detail,place}' = 'true') then
        if p_change ->> 'kind' = 'gate' and exists (
            select
            from aias_private.gates as g
            where g.name = v_gate and g.status = 'open' and g.opened_at > v_now - interval '1 minute'
        ) then
            v_until := v_now;
        end if;
        insert into aias_private.gate_waiters as w (tenant_id, execution_id, gate, kind, until)
        values (
            p_step.tenant_id,
            p_step.execution_id,
            v_gate,
            case p_change ->> 'kind' when 'gate' then 'gate' else 'place' end,
            coalesce(v_until, v_now + interval '1 hour')
        )
        on conflict (tenant_id, execution_id, gate) do update
        set kind = excluded.kind, until = excluded.until;
    end if;
    update aias_private.steps as s
    set
        status = case when v_is_over then 'failed' else 'waiting' end,
        attempt_count = greatest(s.attempt_count - 1, 0),
        deferral_count = s.deferral_count + (not v_is_over)::integer,
        error = case when v_is_over then v_error else s.error end,
        wait_kind = case when not v_is_over then p_change ->> 'kind' end,
        wait_until = case when not v_is_over then v_until end,
        wait_detail = nullif(p_change -> 'detail', 'null'),
        finished_at = case when v_is_over then v_now end
    where
        s.tenant_id = p_step.tenant_id
        and s.execution_id = p_step.execution_id
        and s.id = p_step.id
        and s.item = p_step.item;
    if v_is_over then
        perform aias_private.add_execution_event(
            p_step.tenant_id,
            p_step.execution_id,
            'step_failed',
            p_step.id,
            p_step.item,
            p_step.attempt_count,
            jsonb_build_object('error', v_error)
        );
    end if;
end;
$$;
revoke execute on function aias_private.defer_step(aias_private.steps, jsonb) from public;
comment on function aias_private.defer_step(aias_private.steps, jsonb) is
'Lets a step wait that was put off before anything was done, without counting an attempt.';
