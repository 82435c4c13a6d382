-- aias.set_workflow_enabled: let a workflow start executions, or stop it from doing so.
--
-- Promise   executions that run or wait go on. A workflow is not enabled while a connection that its steps need is
--           missing, failing or revoked.
-- Errors    JR404 no such tenant or workflow; JR409 a connection is not ready; JR422 p_is_enabled is null.
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
-- requires: aias_private.unready_connection
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
    v_problem text;
    v_was_enabled boolean;
begin
    if p_is_enabled is null then
        raise exception 'enabled is true or false, not null' using errcode = 'JR422', column = 'p_is_enabled';
    end if;
    if p_is_enabled then
        select aias_private.unready_connection(v_tenant, v.definition) into v_problem
        from aias_private.workflows as w
        inner join aias_private.workflow_versions as v
            on v.tenant_id = w.tenant_id and v.workflow_id = w.id and v.version = w.current_version
        where w.tenant_id = v_tenant and w.id = v_id;
        if v_problem is not null then
            raise exception '% can''t be enabled: %', quote_literal(p_workflow), v_problem
                using errcode = 'JR409', column = 'p_workflow';
        end if;
    end if;
    select w.is_enabled into v_was_enabled
    from aias_private.workflows as w
    where w.tenant_id = v_tenant and w.id = v_id
    for update;
    update aias_private.workflows set is_enabled = p_is_enabled where tenant_id = v_tenant and id = v_id;
    perform aias_private.record_audit(
        v_tenant,
        case when p_is_enabled then 'workflow.enabled' else 'workflow.disabled' end,
        'workflow',
        v_id::text,
        jsonb_build_object('name', p_workflow, 'before', jsonb_build_object('is_enabled', v_was_enabled))
    );
end;
$$;
revoke execute on function aias.set_workflow_enabled(text, text, boolean) from public;
grant execute on function aias.set_workflow_enabled(text, text, boolean) to aias_app, aias_admin;
comment on function aias.set_workflow_enabled(text, text, boolean) is
'Lets a workflow start new executions, or stops it from doing so.';
