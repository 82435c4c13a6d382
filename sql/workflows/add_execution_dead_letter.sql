-- aias_private.add_execution_dead_letter: keep a failed execution whole.
--
-- Promise   at most one open dead letter per execution.
-- requires: aias_private.step_rows
-- requires: aias_private.add_execution_event
create or replace function aias_private.add_execution_dead_letter(
    p_tenant uuid,
    p_execution uuid,
    p_reason text,
    p_error jsonb
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into aias_private.dead_letters (tenant_id, kind, execution_id, reason, error, snapshot)
    select
        p_tenant,
        'execution',
        p_execution,
        p_reason,
        p_error,
        jsonb_build_object(
            'execution', to_jsonb(e),
            'workflow', w.name,
            'steps', aias_private.step_rows(p_tenant, p_execution)
        )
    from aias_private.executions as e
    inner join aias_private.workflows as w on w.tenant_id = e.tenant_id and w.id = e.workflow_id
    where e.tenant_id = p_tenant and e.id = p_execution
    on conflict (tenant_id, execution_id) where execution_id is not null and resolution is null do nothing;
    perform aias_private.add_execution_event(
        p_tenant, p_execution, 'failed', null, null, null, jsonb_build_object('reason', p_reason, 'error', p_error)
    );
end;
$$;
revoke execute on function aias_private.add_execution_dead_letter(uuid, uuid, text, jsonb) from public;
comment on function aias_private.add_execution_dead_letter(uuid, uuid, text, jsonb) is
'Puts a failed execution with its steps among the dead letters.';
