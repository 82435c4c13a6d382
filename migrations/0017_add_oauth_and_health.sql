-- Keys of tenants, tokens that expire, OAuth in progress, and the health of connections.
--
-- The constraints are added while their small tables are locked.
-- squawk-ignore-file constraint-missing-not-valid, require-concurrent-index-creation, adding-field-with-default, ban-drop-function

-- A tenant's secrets are sealed under a key of its own, which is wrapped by the master key (AES-GCM, bound to the tenant).
create table aias_private.tenant_keys (
    tenant_id uuid not null,
    id text not null,
    status text default 'current' not null,
    wrapped bytea,
    master_key_id text not null,
    created_at timestamptz default aias_private.now() not null,
    retired_at timestamptz,
    erased_at timestamptz,
    constraint tenant_keys_pkey primary key (tenant_id, id),
    constraint tenant_keys_tenant_id_fkey foreign key (tenant_id)
    references aias_private.tenants (id) on delete cascade,
    constraint id_is_hex check (id ~ '^[0-9a-f]{16}$'),
    constraint master_key_id_is_hex check (master_key_id ~ '^[0-9a-f]{16}$'),
    constraint status_is_known check (status in ('current', 'retired', 'erased')),
    constraint wrapped_is_a_wrapped_key check (octet_length(wrapped) = 61),
    constraint wrapped_unless_erased check ((wrapped is null) = (status = 'erased')),
    constraint retired_at_set_when_not_current check ((retired_at is null) = (status = 'current')),
    constraint erased_at_set_when_erased check ((erased_at is null) = (status <> 'erased'))
);
create unique index tenant_keys_current_key on aias_private.tenant_keys (tenant_id) where status = 'current';
create index tenant_keys_master_key_idx on aias_private.tenant_keys (master_key_id) where wrapped is not null;
comment on table aias_private.tenant_keys is
'The keys that seal the secrets of each tenant, wrapped by the master key: the current one, and those that it replaced.';

alter table aias_private.tenant_keys enable row level security;
alter table aias_private.tenant_keys force row level security;
create policy tenant_isolation on aias_private.tenant_keys
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

-- credential_version grows with every change of the secret: whoever acts on what it read says which one that was.
-- refresh_began_at is the intent: set before the upstream is asked, cleared when the outcome is stored.
alter table aias_private.integrations
add column credential_version integer default 1 not null,
add column connected_by text,
add column grant_type text,
add column scopes text,
add column token_expires_at timestamptz,
add column refresh_token_expires_at timestamptz,
add column refresh_began_at timestamptz,
add column refresh_holder text,
add column refresh_held_until timestamptz,
add column refresh_failure_count integer default 0 not null,
add column refresh_after timestamptz,
add constraint credential_version_is_positive check (credential_version > 0),
add constraint connected_by_is_short check (octet_length(connected_by) <= 1000),
add constraint grant_type_is_known check (grant_type in ('authorization_code', 'client_credentials')),
add constraint scopes_are_short check (octet_length(scopes) <= 10000),
add constraint refresh_held_until_set_when_held check ((refresh_held_until is null) = (refresh_holder is null)),
add constraint refresh_began_at_set_when_held check (refresh_holder is null or refresh_began_at is not null),
add constraint refresh_failure_count_is_not_negative check (refresh_failure_count >= 0);
create index integrations_expiry_idx on aias_private.integrations (token_expires_at)
where grant_type is not null and status <> 'revoked';

create table aias_private.oauth_states (
    tenant_id uuid not null,
    id uuid not null,
    state_hash bytea not null,
    user_name text not null,
    kind text not null,
    name text not null,
    config jsonb not null,
    scopes text not null,
    redirect_uri text not null,
    verifier bytea,
    key_id text,
    created_at timestamptz default aias_private.now() not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    constraint oauth_states_pkey primary key (tenant_id, id),
    constraint oauth_states_state_hash_key unique (tenant_id, state_hash),
    constraint oauth_states_tenant_id_fkey foreign key (tenant_id)
    references aias_private.tenants (id) on delete cascade,
    constraint state_hash_is_a_sha256 check (octet_length(state_hash) = 32),
    constraint user_name_is_short check (octet_length(user_name) between 1 and 1000),
    constraint config_is_an_object check (jsonb_typeof(config) = 'object'),
    constraint config_is_small check (octet_length(config::text) <= 10000),
    constraint key_id_set_when_sealed check ((key_id is null) = (verifier is null))
);
create index oauth_states_expires_at_idx on aias_private.oauth_states (expires_at);
comment on table aias_private.oauth_states is
'Consents that were asked for: who may come back with which answer, once, and until when. Holds hashes, no state.';

alter table aias_private.oauth_states enable row level security;
alter table aias_private.oauth_states force row level security;
create policy tenant_isolation on aias_private.oauth_states
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

create table aias_private.integration_checks (
    tenant_id uuid not null,
    integration_id uuid not null,
    latency_ms integer,
    last_checked_at timestamptz,
    last_ok_at timestamptz,
    last_error text,
    consecutive_failure_count integer default 0 not null,
    next_check_at timestamptz not null,
    constraint integration_checks_pkey primary key (tenant_id, integration_id),
    constraint integration_checks_integration_fkey foreign key (tenant_id, integration_id)
    references aias_private.integrations (tenant_id, id) on delete cascade,
    constraint latency_ms_is_not_negative check (latency_ms >= 0),
    constraint last_error_is_short check (octet_length(last_error) <= 8000),
    constraint consecutive_failure_count_is_not_negative check (consecutive_failure_count >= 0)
);
create index integration_checks_next_check_at_idx on aias_private.integration_checks (next_check_at);
comment on table aias_private.integration_checks is
'What the last check of each connection found, and when the next one is due.';

alter table aias_private.integration_checks enable row level security;
alter table aias_private.integration_checks force row level security;
create policy tenant_isolation on aias_private.integration_checks
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

insert into aias_private.integration_checks (tenant_id, integration_id, next_check_at)
select
    i.tenant_id,
    i.id,
    aias_private.now() as next_check_at
from aias_private.integrations as i;

-- They take or give more from now on.
drop function if exists aias.connect_integration(text, text, text, jsonb, bytea, text, uuid);
drop function if exists aias_private.find_integration(uuid, text, text);
