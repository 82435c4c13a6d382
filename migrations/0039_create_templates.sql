-- Templates of workflows, and which workflow was made from which of them.
--
-- A version of a template never changes; its file with another content is another version. Templates are everybody's: they
-- hold no tenant's data.
-- squawk-ignore-file require-concurrent-index-creation
create table aias_private.templates (
    name text not null,
    version integer not null,
    document jsonb not null,
    loaded_at timestamptz default aias_private.now() not null,
    constraint templates_pkey primary key (name, version),
    constraint name_is_a_workflow_name check (name ~ '^[a-z][a-z0-9-]{0,62}$'),
    constraint version_is_positive check (version > 0),
    constraint document_is_an_object check (jsonb_typeof(document) = 'object')
);
comment on table aias_private.templates is 'Every version of every template of a workflow, as its file says it.';

create table aias_private.template_uses (
    tenant_id uuid not null,
    workflow_id uuid not null,
    workflow_version integer not null,
    template text not null,
    template_version integer not null,
    parameters jsonb not null,
    -- kind and name of each trigger that the use set up
    triggers jsonb not null,
    used_by text not null,
    used_at timestamptz default aias_private.now() not null,
    constraint template_uses_pkey primary key (tenant_id, workflow_id, workflow_version),
    constraint template_uses_workflow_fkey foreign key (tenant_id, workflow_id, workflow_version)
    references aias_private.workflow_versions (tenant_id, workflow_id, version) on delete cascade,
    constraint template_uses_template_fkey foreign key (template, template_version)
    references aias_private.templates (name, version) on delete restrict,
    constraint parameters_is_an_object check (jsonb_typeof(parameters) = 'object'),
    constraint triggers_is_an_array check (jsonb_typeof(triggers) = 'array')
);
create index template_uses_template_idx on aias_private.template_uses (template, template_version);
comment on table aias_private.template_uses is 'Which version of which workflow was made from which template.';

alter table aias_private.template_uses enable row level security;
alter table aias_private.template_uses force row level security;
create policy tenant_isolation on aias_private.template_uses
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

insert into aias_private.retention_policies (table_name, action, note)
values ('template_uses', 'keep', 'what a workflow was made from; goes with it');
