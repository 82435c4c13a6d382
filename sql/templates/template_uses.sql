-- aias.template_uses: which workflow was made from which template.
-- requires: aias.templates
create or replace view aias.template_uses
with (security_barrier)
as
select
    u.tenant_id,
    t.slug as tenant,
    u.workflow_id,
    w.name as workflow,
    u.workflow_version,
    w.current_version = u.workflow_version and w.deleted_at is null as is_current,
    u.template,
    u.template_version,
    n.version as newest_template_version,
    u.parameters,
    u.triggers,
    u.used_by,
    u.used_at
from aias_private.template_uses as u
inner join aias_private.workflows as w on u.tenant_id = w.tenant_id and u.workflow_id = w.id
inner join aias_private.tenants as t on u.tenant_id = t.id
inner join aias.templates as n on u.template = n.name
where
    (select aias_private.caller_sees_all())
    or u.tenant_id = (select aias_private.caller_tenant());
grant select on aias.template_uses to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.template_uses is 'Which version of which workflow was made from which version of which template. Fresh.';
comment on column aias.template_uses.tenant_id is 'The tenant that the workflow belongs to.';
comment on column aias.template_uses.tenant is 'The tenant''s slug.';
comment on column aias.template_uses.workflow_id is 'The workflow (aias.workflows.id).';
comment on column aias.template_uses.workflow is 'The workflow''s name.';
comment on column aias.template_uses.workflow_version is 'The version of the workflow that was made.';
comment on column aias.template_uses.is_current is 'Whether new executions run it; false after a change by hand, a newer use, or the deletion.';
comment on column aias.template_uses.template is 'The template (aias.templates.name).';
comment on column aias.template_uses.template_version is 'The template''s version that was used.';
comment on column aias.template_uses.newest_template_version is 'The template''s newest version: a higher one is there to be used.';
comment on column aias.template_uses.parameters is 'The values that it was used with, defaults filled in.';
comment on column aias.template_uses.triggers is 'Kind and name of each trigger that the use set up.';
comment on column aias.template_uses.used_by is 'Who used it.';
comment on column aias.template_uses.used_at is 'When it was used.';
