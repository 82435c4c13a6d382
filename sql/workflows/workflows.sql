-- aias.workflows: the workflows with their current versions.
create or replace view aias.workflows
with (security_barrier)
as
select
    w.tenant_id,
    t.slug as tenant,
    w.id,
    w.name,
    w.current_version as version,
    w.is_enabled,
    v.definition,
    v.created_by as applied_by,
    v.created_at as applied_at,
    w.created_at,
    w.deleted_at,
    w.is_sample
from aias_private.workflows as w
inner join aias_private.tenants as t on w.tenant_id = t.id
inner join aias_private.workflow_versions as v
    on w.tenant_id = v.tenant_id and w.id = v.workflow_id and w.current_version = v.version
where
    (select aias_private.caller_sees_all())
    or w.tenant_id = (select aias_private.caller_tenant());
grant select on aias.workflows to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.workflows is 'The workflows with their current versions, deleted ones too. Fresh.';
comment on column aias.workflows.tenant_id is 'The tenant that the workflow belongs to.';
comment on column aias.workflows.tenant is 'The tenant''s slug.';
comment on column aias.workflows.id is 'The workflow''s id (UUIDv7); the same over all versions.';
comment on column aias.workflows.name is 'The name by which calls start it; unique in the tenant among those not deleted.';
comment on column aias.workflows.version is 'The current version, which new executions run.';
comment on column aias.workflows.is_enabled is 'Whether it may start new executions.';
comment on column aias.workflows.definition is 'The current version''s definition.';
comment on column aias.workflows.applied_by is 'Who applied the current version.';
comment on column aias.workflows.applied_at is 'When the current version was applied.';
comment on column aias.workflows.created_at is 'When the first version was applied.';
comment on column aias.workflows.deleted_at is 'When it was deleted; null while it is in use.';
comment on column aias.workflows.is_sample is
'Whether it is a sample: its executions count in no usage, quota, metric or funnel, and aias.remove_samples removes it.';
