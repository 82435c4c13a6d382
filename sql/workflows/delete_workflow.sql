-- aias.delete_workflow: take a workflow out of use; its executions and versions stay for the record.
--
-- Errors    JR404 no such tenant or workflow; JR409 executions of it are not final.
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
-- requires: aias_private.workflow_by_name
create or replace function aias.delete_workflow(
    p_tenant text,
    p_workflow text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.tenant_by_slug(p_tenant);
    v_id constant uuid := (aias_private.workflow_by_name(v_tenant, p_workflow)).id;
    v_before jsonb;
    v_live bigint;
begin
    -- the lock keeps run_workflow, which shares it, from starting one meanwhile
    select jsonb_build_object('version', w.current_version, 'is_enabled', w.is_enabled) into v_before
    from aias_private.workflows as w
    where w.tenant_id = v_tenant and w.id = v_id
    for update;
    select count(*) into v_live
    from aias_private.executions as e
    where
        e.tenant_id = v_tenant
        and e.workflow_id = v_id
        and e.status in ('queued', 'running', 'waiting');
    if v_live > 0 then
        raise exception 'the workflow % has % executions that are not final: cancel them first', quote_literal(p_workflow), v_live
            using errcode = 'JR409', column = 'p_workflow';
    end if;
    update aias_private.workflows
    set deleted_at = aias_private.now(), is_enabled = false
    where tenant_id = v_tenant and id = v_id;
    perform aias_private.record_audit(
        v_tenant,
        'workflow.deleted',
        'workflow',
        v_id::text,
        jsonb_build_object('name', p_workflow, 'before', v_before)
    );
end;
$$;
revoke execute on function aias.delete_workflow(text, text) from public;
grant execute on function aias.delete_workflow(text, text) to aias_app, aias_admin;
comment on function aias.delete_workflow(text, text) is
'Takes a workflow out of use; refused while executions of it are not final. Its history stays.';
