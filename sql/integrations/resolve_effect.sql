-- aias.resolve_effect: say what came of an effect whose outcome is not known.
--
-- Promise   it happened: the effect is done, with the response that is given, and the step that waits for an answer goes on
--           with it as if its call had just been answered. It did not happen: the step makes the call again. A step that has
--           failed over it goes on when its execution is retried (aias.retry_execution).
-- Returns   the state that the effect has now: done or refused.
-- Locks     the execution's row, then the effect's, then the step's.
-- Errors    JR404 no such execution, or no such effect; JR409 its outcome is known, its call is under way, or several parts
--           are in doubt and p_part names none; JR422 an argument is missing or too large.
-- requires: aias_private.execution_tenant
-- requires: aias_private.wake_execution
-- requires: aias_private.add_execution_event
-- requires: aias_private.record_audit
-- requires: aias_private.assert_json_input
create or replace function aias.resolve_effect(
    p_execution uuid,
    p_step text,
    p_happened boolean,
    p_by text,
    p_response jsonb default null,
    p_comment text default null,
    p_part text default null
)
returns text
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.execution_tenant(p_execution);
    v_effect aias_private.effects;
    v_states text[];
    v_answer jsonb;
    v_now constant timestamptz := aias_private.now();
begin
    if p_happened is null then
        raise exception 'it happened or not: true or false, not null' using errcode = 'JR422', column = 'p_happened';
    end if;
    if p_by is null or length(p_by) not between 1 and 200 then
        raise exception 'who answers has 1 to 200 characters' using errcode = 'JR422', column = 'p_by';
    end if;
    if p_response is not null and not p_happened then
        raise exception 'what did not happen has no response' using errcode = 'JR422', column = 'p_response';
    end if;
    perform aias_private.assert_json_input('p_response', coalesce(p_response, 'null'), 'true', 64000);
    perform from aias_private.executions as e
    where e.tenant_id = v_tenant and e.id = p_execution
    for update;
    -- "step" or, for an item of a fan-out, "step[3]"
    select array_agg(e.state order by e.part) into v_states
    from aias_private.effects as e
    where
        e.tenant_id = v_tenant
        and e.execution_id = p_execution
        and e.step_id || case when e.item >= 0 then format('[%s]', e.item) else '' end = p_step
        and (p_part is null or e.part = p_part);
    if v_states is null then
        raise exception 'the step % has no such effect', coalesce(quote_literal(p_step), 'null')
            using errcode = 'JR404', column = 'p_step';
    end if;
    begin
        select e.* into strict v_effect
        from aias_private.effects as e
        where
            e.tenant_id = v_tenant
            and e.execution_id = p_execution
            and e.step_id || case when e.item >= 0 then format('[%s]', e.item) else '' end = p_step
            and (p_part is null or e.part = p_part)
            and e.state in ('intended', 'in_doubt')
            and coalesce(e.held_until <= v_now, true)
        for update;
    exception
        when no_data_found then
            raise exception 'the effect of % is %: there is nothing to be said of it', p_step, array_to_string(v_states, ', ')
                using errcode = 'JR409', column = 'p_step';
        when too_many_rows then
            raise exception 'several effects of % are in doubt: name the part', p_step
                using errcode = 'JR409', column = 'p_part';
    end;
    update aias_private.effects as e
    set
        state = case when p_happened then 'done' else 'refused' end,
        response = p_response,
        held_until = null,
        settled_at = v_now,
        resolved_by = p_by,
        resolved_comment = left(p_comment, 2000)
    where
        e.tenant_id = v_tenant
        and e.execution_id = p_execution
        and e.step_id = v_effect.step_id
        and e.item = v_effect.item
        and e.part = v_effect.part;
    update aias_private.steps as s
    set wait_kind = 'retry', wait_until = v_now
    where
        s.tenant_id = v_tenant
        and s.execution_id = p_execution
        and s.id = v_effect.step_id
        and s.item = v_effect.item
        and s.status = 'waiting'
        and (s.wait_kind in ('retry', 'effect') or (s.wait_kind = 'approval' and s.wait_detail @> '{"in_doubt": true}'));
    if found then
        perform aias_private.wake_execution(v_tenant, p_execution);
    end if;
    v_answer := jsonb_strip_nulls(jsonb_build_object(
        'happened', p_happened,
        'by', p_by,
        'comment', left(p_comment, 2000),
        'operation', v_effect.operation,
        'part', nullif(v_effect.part, '')
    ));
    perform aias_private.add_execution_event(
        v_tenant, p_execution, 'effect_resolved', v_effect.step_id, v_effect.item, null, v_answer
    );
    perform aias_private.record_audit(
        v_tenant,
        'effect.resolved',
        'execution',
        p_execution::text,
        v_answer || jsonb_build_object('step', p_step, 'before', jsonb_build_object('state', v_effect.state))
    );
    return case when p_happened then 'done' else 'refused' end;
end;
$$;
revoke execute on function aias.resolve_effect(uuid, text, boolean, text, jsonb, text, text) from public;
grant execute on function aias.resolve_effect(uuid, text, boolean, text, jsonb, text, text) to aias_app, aias_admin;
comment on function aias.resolve_effect(uuid, text, boolean, text, jsonb, text, text) is
'Says what came of an effect that is in doubt: it happened, with this response, or it did not and is sent again.';
