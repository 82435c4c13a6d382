-- aias_private.add_execution_event: note what happened to an execution beside its plain course.
--
-- Promise   the failure of a step is followed by the notice of what makes up for it, where something does.
-- requires: aias_private.note_fallback
create or replace function aias_private.add_execution_event(
    p_tenant uuid,
    p_execution uuid,
    p_type text,
    p_step text,
    p_item integer,
    p_attempt integer,
    p_detail jsonb
)
returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    insert into aias_private.execution_events (tenant_id, execution_id, type, step_id, item, attempt, detail)
    values (p_tenant, p_execution, p_type, p_step, p_item, p_attempt, coalesce(p_detail, '{}'));
    select aias_private.note_fallback(p_tenant, p_execution, p_step, p_attempt, p_detail -> 'error')
    where p_type = 'step_failed' and coalesce(p_item, -1) = -1
$$;
revoke execute on function aias_private.add_execution_event(uuid, uuid, text, text, integer, integer, jsonb) from public;
comment on function aias_private.add_execution_event(uuid, uuid, text, text, integer, integer, jsonb) is
'Adds a row to an execution''s history.';
