-- Workflows and their versions. A version never changes (trigger in sql/workflows).
create table aias_private.workflows (
    tenant_id uuid not null,
    id uuid default aias_private.uuid7() not null,
    name text not null,
    current_version integer not null,
    is_enabled boolean default true not null,
    created_at timestamptz default aias_private.now() not null,
    deleted_at timestamptz,
    constraint workflows_pkey primary key (tenant_id, id),
    constraint workflows_tenant_id_fkey foreign key (tenant_id) references aias_private.tenants (id) on delete cascade,
    constraint name_is_a_workflow_name check (name ~ '^[a-z][a-z0-9-]{0,62}$'),
    constraint current_version_is_positive check (current_version > 0)
);
create unique index workflows_name_key on aias_private.workflows (tenant_id, name) where deleted_at is null;
comment on table aias_private.workflows is 'Named definitions of a tenant; a deleted one keeps its row for its executions.';

create table aias_private.workflow_versions (
    tenant_id uuid not null,
    workflow_id uuid not null,
    version integer not null,
    definition jsonb not null,
    checksum bytea not null,
    created_by text not null,
    created_at timestamptz default aias_private.now() not null,
    constraint workflow_versions_pkey primary key (tenant_id, workflow_id, version),
    constraint workflow_versions_workflow_id_fkey foreign key (tenant_id, workflow_id)
    references aias_private.workflows (tenant_id, id) on delete cascade,
    constraint version_is_positive check (version > 0),
    constraint definition_is_an_object check (jsonb_typeof(definition) = 'object')
);
comment on table aias_private.workflow_versions is 'The immutable versions of a workflow''s definition.';

alter table aias_private.workflows enable row level security;
alter table aias_private.workflows force row level security;
create policy tenant_isolation on aias_private.workflows
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

alter table aias_private.workflow_versions enable row level security;
alter table aias_private.workflow_versions force row level security;
create policy tenant_isolation on aias_private.workflow_versions
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
