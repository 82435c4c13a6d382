-- aias_private.workflow_definition: the definition of one version of a workflow.
--
-- Caller    the engine, once per version and process: what is stored under a version never changes.
create or replace function aias_private.workflow_definition(
    p_tenant uuid,
    p_workflow uuid,
    p_version integer
)
returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select v.definition
    from aias_private.workflow_versions as v
    where v.tenant_id = p_tenant and v.workflow_id = p_workflow and v.version = p_version
$$;
revoke execute on function aias_private.workflow_definition(uuid, uuid, integer) from public;
comment on function aias_private.workflow_definition(uuid, uuid, integer) is
'The definition of one version of a workflow.';
