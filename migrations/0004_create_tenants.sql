-- Tenants and their users. Every key of a table with tenant data starts with tenant_id.
create table aias_private.tenants (
    id uuid default aias_private.uuid7() not null,
    slug text not null,
    name text not null,
    plan text not null,
    industry text,
    created_at timestamptz default aias_private.now() not null,
    constraint tenants_pkey primary key (id),
    constraint tenants_slug_key unique (slug),
    constraint tenants_plan_fkey foreign key (plan) references aias_private.plans (name),
    constraint slug_is_a_name check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    constraint name_is_not_empty check (length(name) between 1 and 200)
);
create index tenants_plan_idx on aias_private.tenants (plan);
comment on table aias_private.tenants is 'Customer accounts.';

-- The table was made two files ago and is empty: nothing is scanned, nobody waits.
alter table aias_private.tenant_roles
-- squawk-ignore constraint-missing-not-valid, adding-foreign-key-constraint
add constraint tenant_roles_tenant_id_fkey foreign key (tenant_id)
references aias_private.tenants (id) on delete cascade;
-- squawk-ignore require-concurrent-index-creation
create index tenant_roles_tenant_id_idx on aias_private.tenant_roles (tenant_id);

create table aias_private.users (
    tenant_id uuid not null,
    id uuid default aias_private.uuid7() not null,
    email text not null,
    name text not null,
    role text not null,
    created_at timestamptz default aias_private.now() not null,
    constraint users_pkey primary key (tenant_id, id),
    constraint users_tenant_id_fkey foreign key (tenant_id) references aias_private.tenants (id) on delete cascade,
    constraint role_is_known check (role in ('owner', 'member', 'viewer')),
    constraint email_has_an_at check (email ~ '^[^@[:space:]]+@[^@[:space:]]+$' and length(email) <= 320)
);
create unique index users_email_key on aias_private.users (tenant_id, lower(email));
comment on table aias_private.users is 'People of a tenant.';

alter table aias_private.tenants enable row level security;
alter table aias_private.tenants force row level security;
create policy tenant_isolation on aias_private.tenants
using ((select aias_private.caller_sees_all()) or id = (select aias_private.caller_tenant()));

alter table aias_private.users enable row level security;
alter table aias_private.users force row level security;
create policy tenant_isolation on aias_private.users
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
