-- aias.workflow_versions: every version of every workflow.
create or replace view aias.workflow_versions
with (security_barrier)
as
select
    v.tenant_id,
    v.workflow_id,
    w.name as workflow,
    v.version,
    v.definition,
    v.created_by,
    v.created_at
from aias_private.workflow_versions as v
inner join aias_private.workflows as w on v.tenant_id = w.tenant_id and v.workflow_id = w.id
where
    (select aias_private.caller_sees_all())
    or v.tenant_id = (select aias_private.caller_tenant());
grant select on aias.workflow_versions to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.workflow_versions is 'Every version of every workflow; none ever changes. Fresh.';
comment on column aias.workflow_versions.tenant_id is 'The tenant that the workflow belongs to.';
comment on column aias.workflow_versions.workflow_id is 'The workflow (aias.workflows.id).';
comment on column aias.workflow_versions.workflow is 'The workflow''s name.';
comment on column aias.workflow_versions.version is 'The version''s number, from 1.';
comment on column aias.workflow_versions.definition is 'The definition as it was applied.';
comment on column aias.workflow_versions.created_by is 'Who applied it.';
comment on column aias.workflow_versions.created_at is 'When it was applied.';
