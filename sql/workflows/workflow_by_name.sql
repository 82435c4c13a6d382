-- aias_private.workflow_by_name: the workflow that a caller names, not deleted.
--
-- Errors    JR404 no such workflow.
create or replace function aias_private.workflow_by_name(
    p_tenant uuid,
    p_workflow text
)
returns aias_private.workflows
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_workflow aias_private.workflows;
begin
    select w.* into v_workflow
    from aias_private.workflows as w
    where w.tenant_id = p_tenant and w.name = p_workflow and w.deleted_at is null;
    if not found then
        raise exception 'there is no workflow %', coalesce(quote_literal(p_workflow), 'null')
            using errcode = 'JR404', column = 'p_workflow';
    end if;
    return v_workflow;
end;
$$;
revoke execute on function aias_private.workflow_by_name(uuid, text) from public;
comment on function aias_private.workflow_by_name(uuid, text) is 'A tenant''s workflow by its name.';
