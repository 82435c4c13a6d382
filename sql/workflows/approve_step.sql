-- aias.approve_step: answer a step that waits for a person.
--
-- Promise   an approval: the step succeeds with {"approved", "by", "comment"}, or fails when it is refused. A call in doubt
--           (on_unknown: ask): approved, it is made again, as what did not happen; refused, it fails. The execution goes on in either case.
-- Errors    JR404 no such execution; JR409 the step does not wait for a person; JR422 p_approved or p_by is missing.
-- requires: aias_private.execution_tenant
-- requires: aias_private.wake_execution
-- requires: aias_private.add_execution_event
-- requires: aias_private.record_audit
-- requires: aias_private.release_effects
create or replace function aias.approve_step(
    p_execution uuid,
    p_step text,
    p_approved boolean,
    p_by text,
    p_comment text default null
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.execution_tenant(p_execution);
    v_step aias_private.steps;
    v_is_in_doubt boolean;
    v_answer jsonb;
    v_now constant timestamptz := aias_private.now();
begin
    if p_approved is null then
        raise exception 'an answer is true or false, not null' using errcode = 'JR422', column = 'p_approved';
    end if;
    if p_by is null or length(p_by) not between 1 and 200 then
        raise exception 'who answers has 1 to 200 characters' using errcode = 'JR422', column = 'p_by';
    end if;
    perform from aias_private.executions as e
    where e.tenant_id = v_tenant and e.id = p_execution
    for update;
    -- "step" or, for an item of a fan-out, "step[3]"
    select s.* into v_step
    from aias_private.steps as s
    where
        s.tenant_id = v_tenant
        and s.execution_id = p_execution
        and s.id || case when s.item >= 0 then format('[%s]', s.item) else '' end = p_step
        and s.status = 'waiting'
        and s.wait_kind = 'approval';
    if not found then
        raise exception 'the step % does not wait for an approval', coalesce(quote_literal(p_step), 'null')
            using errcode = 'JR409', column = 'p_step';
    end if;
    v_is_in_doubt := coalesce((v_step.wait_detail ->> 'in_doubt')::boolean, false);
    v_answer := jsonb_build_object('approved', p_approved, 'by', p_by, 'comment', left(p_comment, 2000), 'at', v_now);
    update aias_private.steps as s
    set
        status = case
            when not p_approved then 'failed'
            when v_is_in_doubt then 'waiting'
            else 'succeeded'
        end,
        output = case when p_approved and not v_is_in_doubt then v_answer end,
        error = case when p_approved then s.error else
            jsonb_build_object('type', 'Rejected', 'message', format('refused by %s', p_by), 'detail', v_answer)
        end,
        wait_kind = case when p_approved and v_is_in_doubt then 'retry' end,
        wait_until = case when p_approved and v_is_in_doubt then v_now end,
        finished_at = case when not (p_approved and v_is_in_doubt) then v_now end
    where
        s.tenant_id = v_tenant
        and s.execution_id = p_execution
        and s.id = v_step.id
        and s.item = v_step.item;
    if p_approved and v_is_in_doubt then
        perform aias_private.release_effects(v_tenant, p_execution, v_step.id, v_step.item, p_by, p_comment);
    end if;
    perform aias_private.add_execution_event(
        v_tenant,
        p_execution,
        case when p_approved then 'approved' else 'rejected' end,
        v_step.id,
        v_step.item,
        null,
        v_answer
    );
    perform aias_private.record_audit(
        v_tenant,
        case when p_approved then 'step.approved' else 'step.rejected' end,
        'execution',
        p_execution::text,
        v_answer || jsonb_build_object(
            'step', p_step,
            'before', jsonb_build_object('status', v_step.status, 'since', v_step.started_at, 'until', v_step.wait_until)
        )
    );
    perform aias_private.wake_execution(v_tenant, p_execution);
end;
$$;
revoke execute on function aias.approve_step(uuid, text, boolean, text, text) from public;
grant execute on function aias.approve_step(uuid, text, boolean, text, text) to aias_app, aias_admin;
comment on function aias.approve_step(uuid, text, boolean, text, text) is
'Answers a step that waits for a person: it succeeds, is called again, or fails.';
