-- aias.samples: what each tenant has of the samples.
create or replace view aias.samples
with (security_barrier)
as
select
    s.tenant_id,
    t.slug as tenant,
    s.status,
    w.id as workflow_id,
    w.name as workflow,
    v.definition ->> 'description' as description,
    s.missing_kinds,
    s.requested_at,
    s.installed_at,
    s.removed_at
from aias_private.tenant_samples as s
inner join aias_private.tenants as t on s.tenant_id = t.id
left join aias_private.workflows as w on s.tenant_id = w.tenant_id and w.is_sample and w.deleted_at is null
left join aias_private.workflow_versions as v
    on w.tenant_id = v.tenant_id and w.id = v.workflow_id and w.current_version = v.version
where
    (select aias_private.caller_sees_all())
    or s.tenant_id = (select aias_private.caller_tenant());
grant select on aias.samples to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.samples is
'The samples of each tenant that has or had some: a row per sample workflow, one without a workflow where there is none. Fresh.';
comment on column aias.samples.tenant_id is 'The tenant.';
comment on column aias.samples.tenant is 'The tenant''s slug.';
comment on column aias.samples.status is 'due: a worker installs them; installed; removed: they don''t come again by themselves.';
comment on column aias.samples.workflow_id is 'The sample workflow; null where there is none.';
comment on column aias.samples.workflow is 'The name by which it is run.';
comment on column aias.samples.description is 'What it does.';
comment on column aias.samples.missing_kinds is
'Kinds of connection that no local server was set for (AIAS_SIMULATORS): samples that need one were left out.';
comment on column aias.samples.requested_at is 'When they were last asked for: at sign-up or by aias.add_samples.';
comment on column aias.samples.installed_at is 'When they were last installed; null before.';
comment on column aias.samples.removed_at is 'When they were removed; null while they are not.';
