-- aias_private.begin_effect: write down the intent to have an effect, or say what is known of it.
--
-- Caller    effects.once, before the call, in a transaction of its own: the call is made when this is committed.
-- Promise   `new` is said once: to the first who asks, after a refusal, and, with p_is_resend, when nobody can be in the
--           call any more and p_settles_within has passed since. Whoever is told anything else must not call.
-- Returns   new         written down: make the call with this key
--           done        it happened: the response
--           unknown     it was begun, and what came of it is not known
--           wait        (with p_is_resend) not yet: ask again after wait_seconds
--           busy        this very attempt is in the call
--           conflict    another request stands under this intent
--           superseded  the attempt is not the execution's any more, or the execution has ended
-- Locks     the execution's row, shared; then the effect's row.
create or replace function aias_private.begin_effect(
    p_tenant uuid,
    p_execution uuid,
    p_attempt integer,
    p_step text,
    p_item integer,
    p_part text,
    p_operation text,
    p_connection text,
    p_request_hash bytea,
    p_key uuid,
    p_hold interval,
    p_settles_within interval,
    p_is_resend boolean
)
returns table (
    verdict text,
    idempotency_key uuid,
    response jsonb,
    wait_seconds double precision
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_effect aias_private.effects;
    v_free_at timestamptz;
    v_now constant timestamptz := aias_private.now();
begin
    perform from aias_private.executions as e
    where e.tenant_id = p_tenant and e.id = p_execution and e.attempt = p_attempt and e.status = 'running'
    for share;
    if not found then
        verdict := 'superseded';
        return next;
        return;
    end if;
    insert into aias_private.effects (
        tenant_id, execution_id, step_id, item, part, operation, connection, request_hash, idempotency_key, attempt,
        begun_at, held_until
    )
    values (
        p_tenant, p_execution, p_step, p_item, p_part, p_operation, p_connection, p_request_hash, p_key, p_attempt,
        v_now, v_now + p_hold
    )
    on conflict (tenant_id, execution_id, step_id, item, part) do nothing;
    if found then
        verdict := 'new';
        idempotency_key := p_key;
        return next;
        return;
    end if;
    select e.* into strict v_effect
    from aias_private.effects as e
    where
        e.tenant_id = p_tenant
        and e.execution_id = p_execution
        and e.step_id = p_step
        and e.item = p_item
        and e.part = p_part
    for update;
    idempotency_key := v_effect.idempotency_key;
    if v_effect.state <> 'refused' and v_effect.request_hash <> p_request_hash then
        verdict := 'conflict';
    elsif v_effect.state = 'done' then
        verdict := 'done';
        response := v_effect.response;
    elsif v_effect.state <> 'refused' and v_effect.attempt = p_attempt and v_effect.held_until > v_now then
        verdict := 'busy';
        wait_seconds := extract(epoch from v_effect.held_until - v_now);
    elsif v_effect.state <> 'refused' and not p_is_resend then
        verdict := 'unknown';
    else
        v_free_at := case when v_effect.state <> 'refused' then
            coalesce(v_effect.held_until, v_effect.doubted_at, v_effect.begun_at) + p_settles_within
        end;
        if v_free_at > v_now then
            verdict := 'wait';
            wait_seconds := extract(epoch from v_free_at - v_now);
        else
            update aias_private.effects as e
            set
                state = 'intended',
                operation = p_operation,
                connection = p_connection,
                request_hash = p_request_hash,
                idempotency_key = p_key,
                attempt = p_attempt,
                send_count = e.send_count + 1,
                begun_at = v_now,
                held_until = v_now + p_hold,
                doubted_at = null,
                settled_at = null,
                resolved_by = null,
                resolved_comment = null
            where
                e.tenant_id = p_tenant
                and e.execution_id = p_execution
                and e.step_id = p_step
                and e.item = p_item
                and e.part = p_part;
            verdict := 'new';
            idempotency_key := p_key;
        end if;
    end if;
    return next;
end;
$$;
revoke execute on function aias_private.begin_effect(
    uuid, uuid, integer, text, integer, text, text, text, bytea, uuid, interval, interval, boolean
) from public;
grant execute on function aias_private.begin_effect(
    uuid, uuid, integer, text, integer, text, text, text, bytea, uuid, interval, interval, boolean
) to aias_worker, aias_admin;
comment on function aias_private.begin_effect(
    uuid, uuid, integer, text, integer, text, text, text, bytea, uuid, interval, interval, boolean
) is
'Writes down the intent to have an effect outside, and says whether the call may be made or what is known of it.';
