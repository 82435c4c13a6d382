-- aias_private.note_fallback: tell what makes up for a step that failed for good.
--
-- Caller    add_execution_event, after the failure of a step (not of one item of a fan-out).
-- Promise   one event "fallback_used" where the definition says what happens instead of a failure: the detail holds what
--           failed and why, what is used (a step, a workflow, or that the failure is passed over), and what can be done.
--           Nothing where the failure ends the execution.
-- requires: aias_private.failure_advice
create or replace function aias_private.note_fallback(
    p_tenant uuid,
    p_execution uuid,
    p_step text,
    p_attempt integer,
    p_error jsonb
)
returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    insert into aias_private.execution_events (tenant_id, execution_id, type, step_id, item, attempt, detail)
    select
        p_tenant,
        p_execution,
        'fallback_used',
        p_step,
        -1,
        p_attempt,
        jsonb_strip_nulls(
            jsonb_build_object(
                'used', case
                    when d.on_failure ? 'step' then 'step'
                    when d.on_failure ? 'workflow' then 'workflow'
                    else 'continue'
                end,
                'step', d.on_failure ->> 'step',
                'workflow', d.on_failure ->> 'workflow',
                'why', coalesce(p_error ->> 'message', 'no reason was given'),
                'advice', aias_private.failure_advice(p_error)
            )
        )
    from aias_private.executions as e
    inner join aias_private.workflow_versions as v
        on v.tenant_id = e.tenant_id and v.workflow_id = e.workflow_id and v.version = e.version
    cross join lateral (
        select s.step -> 'on_failure' as on_failure
        from jsonb_array_elements(v.definition -> 'steps') as s(step)
        where s.step ->> 'id' = p_step
    ) as d
    where
        e.tenant_id = p_tenant
        and e.id = p_execution
        and (d.on_failure = '"continue"' or d.on_failure ? 'step' or d.on_failure ? 'workflow')
$$;
revoke execute on function aias_private.note_fallback(uuid, uuid, text, integer, jsonb) from public;
comment on function aias_private.note_fallback(uuid, uuid, text, integer, jsonb) is
'Tells in an execution''s history what makes up for a step that failed, why, and what can be done.';
