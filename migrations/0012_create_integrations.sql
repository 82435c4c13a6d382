-- Connections to the outside world, and the memory of what was made there.
--
-- Secrets are sealed before they get here (AES-GCM, bound to tenant, id and name): SQL can neither read nor forge them.
create table aias_private.integrations (
    tenant_id uuid not null,
    id uuid default aias_private.uuid7() not null,
    kind text not null,
    name text not null,
    config jsonb default '{}' not null,
    secret bytea not null,
    key_id text not null,
    status text default 'connected' not null,
    status_reason text,
    created_at timestamptz default aias_private.now() not null,
    connected_at timestamptz default aias_private.now() not null,
    constraint integrations_pkey primary key (tenant_id, id),
    constraint integrations_kind_name_key unique (tenant_id, kind, name),
    constraint integrations_tenant_id_fkey foreign key (tenant_id)
    references aias_private.tenants (id) on delete cascade,
    constraint kind_is_a_word check (kind ~ '^[a-z][a-z0-9_]{0,62}$'),
    constraint name_is_a_word check (name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    constraint config_is_an_object check (jsonb_typeof(config) = 'object'),
    constraint config_is_small check (octet_length(config::text) <= 10000),
    constraint secret_is_sealed check (octet_length(secret) between 29 and 100000),
    constraint key_id_is_hex check (key_id ~ '^[0-9a-f]{16}$'),
    constraint status_is_known check (status in ('connected', 'failing', 'revoked')),
    constraint status_reason_set_when_not_connected check ((status_reason is null) = (status = 'connected'))
);
comment on table aias_private.integrations is
'Connections of tenants to other services: where they are, and the sealed credentials.';

alter table aias_private.integrations enable row level security;
alter table aias_private.integrations force row level security;
create policy tenant_isolation on aias_private.integrations
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

-- What an action makes at an upstream that has no idempotency of its own (Wave's customers, products, invoices) is
-- claimed here before and noted after, by our reference: two executions that want the same thing make it once.
create table aias_private.integration_references (
    tenant_id uuid not null,
    integration_id uuid not null,
    kind text not null,
    reference text not null,
    remote_id text,
    holder text,
    held_until timestamptz,
    created_at timestamptz default aias_private.now() not null,
    noted_at timestamptz,
    constraint integration_references_pkey primary key (tenant_id, integration_id, kind, reference),
    constraint integration_references_integration_fkey foreign key (tenant_id, integration_id)
    references aias_private.integrations (tenant_id, id) on delete cascade,
    constraint kind_is_a_word check (kind ~ '^[a-z][a-z0-9_]{0,62}$'),
    constraint reference_is_short check (octet_length(reference) between 1 and 500),
    constraint remote_id_is_short check (octet_length(remote_id) between 1 and 500),
    constraint held_until_set_when_held check ((held_until is not null) = (holder is not null)),
    constraint noted_at_set_when_known check ((noted_at is not null) = (remote_id is not null))
);
comment on table aias_private.integration_references is
'Our reference of each thing made at an upstream, its id there, and who is making it just now.';

alter table aias_private.integration_references enable row level security;
alter table aias_private.integration_references force row level security;
create policy tenant_isolation on aias_private.integration_references
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
