-- aias.set_workflow_enabled: let a workflow start executions, or stop it from doing so.
--
-- Promise   executions that run or wait go on.
-- Errors    JR404 no such tenant or workflow; JR422 p_is_enabled is null.
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
-- requires: aias_private.workflow_by_name
create or replace function aias.set_workflow_enabled(
    p_tenant text,
    p_workflow text,
    p_is_enabled boolean
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
begin
    if p_is_enabled is null then
        raise exception 'enabled is true or false, not null' using errcode = 'JR422', column = 'p_is_enabled';
    end if;
    update aias_private.workflows set is_enabled = p_is_enabled where tenant_id = v_tenant and id = v_id;
    perform aias_private.record_audit(
        v_tenant,
        case when p_is_enabled then 'workflow.enabled' else 'workflow.disabled' end,
        'workflow',
        v_id::text,
        jsonb_build_object('name', p_workflow)
    );
end;
$$;
revoke execute on function aias.set_workflow_enabled(text, text, boolean) from public;
grant execute on function aias.set_workflow_enabled(text, text, boolean) to aias_app, aias_admin;
comment on function aias.set_workflow_enabled(text, text, boolean) is
'Lets a workflow start new executions, or stops it from doing so.';
