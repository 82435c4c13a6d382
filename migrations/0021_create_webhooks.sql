-- Webhooks in (endpoints with a token, deliveries, privacy requests) and out (endpoints of tenants, the outbox).
--
-- Secrets stand in aias_private.integrations (kinds webhook_in and webhook_out), sealed like every other, so that the
-- rotation and the erasure of keys reach them. A token is stored hashed: it is its own index, and tells nothing.
-- squawk-ignore-file require-concurrent-index-creation
create table aias_private.webhooks (
    tenant_id uuid not null,
    id uuid default aias_private.uuid7() not null,
    name text not null,
    style text not null,
    integration_id uuid not null,
    token_hash bytea not null,
    workflow_id uuid,
    condition text,
    mapping jsonb,
    max_bytes integer not null,
    is_enabled boolean default true not null,
    -- a body that came is taken for a replay when it comes so soon again, whatever id it is sent under
    replay_window interval default '0' not null,
    -- grows with each change: what a process remembers of a webhook is good as long as this stands
    version integer default 1 not null,
    created_at timestamptz default aias_private.now() not null,
    rotated_at timestamptz,
    constraint webhooks_pkey primary key (tenant_id, id),
    constraint webhooks_name_key unique (tenant_id, name),
    constraint webhooks_integration_fkey foreign key (tenant_id, integration_id)
    references aias_private.integrations (tenant_id, id) on delete cascade,
    constraint webhooks_workflow_fkey foreign key (tenant_id, workflow_id)
    references aias_private.workflows (tenant_id, id) on delete cascade,
    constraint name_is_a_word check (name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    constraint style_is_known check (style in ('shopify', 'standard', 'github', 'stripe', 'wave', 'shared')),
    constraint token_hash_is_sha256 check (octet_length(token_hash) = 32),
    constraint condition_is_short check (length(condition) <= 16000),
    constraint mapping_is_an_object check (jsonb_typeof(mapping) = 'object'),
    constraint max_bytes_is_bounded check (max_bytes between 1 and 1000000),
    constraint replay_window_is_bounded check (replay_window between '0' and '7 days')
);
create unique index webhooks_token_key on aias_private.webhooks (token_hash);
create index webhooks_integration_idx on aias_private.webhooks (tenant_id, integration_id);
create index webhooks_workflow_idx on aias_private.webhooks (tenant_id, workflow_id);
comment on table aias_private.webhooks is 'Where others send webhooks, and what those start.';

create table aias_private.webhook_deliveries (
    tenant_id uuid not null,
    id uuid default aias_private.uuid7() not null,
    webhook_id uuid not null,
    delivery_id text not null,
    -- the sender's id of what happened, which several deliveries may share
    source_event_id text,
    topic text,
    account text,
    headers jsonb not null,
    payload jsonb not null,
    body_hash bytea not null,
    status text not null,
    execution_id uuid,
    event_id uuid,
    error jsonb,
    duplicate_count integer default 0 not null,
    replayed_from_id uuid,
    received_at timestamptz default aias_private.now() not null,
    redacted_at timestamptz,
    constraint webhook_deliveries_pkey primary key (tenant_id, id),
    constraint status_is_known check (
        status in ('pending', 'started', 'emitted', 'filtered', 'failed', 'conflict', 'duplicate', 'recorded')
    ),
    constraint delivery_id_is_short check (length(delivery_id) between 1 and 255),
    constraint body_hash_is_sha256 check (octet_length(body_hash) = 32)
) partition by range (id);
create table aias_private.webhook_deliveries_default partition of aias_private.webhook_deliveries default;
create index webhook_deliveries_webhook_idx on aias_private.webhook_deliveries (tenant_id, webhook_id, id);
create index webhook_deliveries_account_idx on aias_private.webhook_deliveries (tenant_id, account)
where account is not null;
comment on table aias_private.webhook_deliveries is 'What came in by webhooks, and what became of it.';

create table aias_private.privacy_requests (
    tenant_id uuid not null,
    id uuid default aias_private.uuid7() not null,
    kind text not null,
    account text not null,
    customer_id text,
    order_ids text[] default '{}' not null,
    delivery_id uuid not null,
    status text default 'open' not null,
    due_at timestamptz not null,
    -- how many rows held the customer's data, and how many of those were redacted
    found jsonb default '{}' not null,
    note text,
    created_at timestamptz default aias_private.now() not null,
    searched_at timestamptz,
    settled_at timestamptz,
    settled_by text,
    constraint privacy_requests_pkey primary key (tenant_id, id),
    constraint kind_is_known check (kind in ('customers/data_request', 'customers/redact', 'shop/redact')),
    constraint status_is_known check (status in ('open', 'settled')),
    constraint settled_at_set_when_settled check ((settled_at is not null) = (status = 'settled'))
);
comment on table aias_private.privacy_requests is 'What customers and shops have asked of their data, with the day by which it is due.';

create table aias_private.webhook_endpoints (
    tenant_id uuid not null,
    id uuid default aias_private.uuid7() not null,
    name text not null,
    integration_id uuid not null,
    types text[] not null,
    is_enabled boolean default true not null,
    disabled_reason text,
    -- the first failure since the last success
    failing_since timestamptz,
    created_at timestamptz default aias_private.now() not null,
    updated_at timestamptz default aias_private.now() not null,
    constraint webhook_endpoints_pkey primary key (tenant_id, id),
    constraint webhook_endpoints_name_key unique (tenant_id, name),
    constraint webhook_endpoints_integration_fkey foreign key (tenant_id, integration_id)
    references aias_private.integrations (tenant_id, id) on delete cascade,
    constraint name_is_a_word check (name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    constraint types_are_some check (cardinality(types) between 1 and 20),
    constraint disabled_reason_set_when_disabled check ((disabled_reason is null) = is_enabled)
);
create index webhook_endpoints_integration_idx on aias_private.webhook_endpoints (tenant_id, integration_id);
comment on table aias_private.webhook_endpoints is 'Where tenants want to hear of their executions.';

create table aias_private.webhook_messages (
    tenant_id uuid not null,
    id uuid default aias_private.uuid7() not null,
    endpoint_id uuid not null,
    type text not null,
    payload jsonb not null,
    status text default 'pending' not null,
    attempt_count integer default 0 not null,
    next_at timestamptz,
    last_status integer,
    last_error text,
    created_at timestamptz default aias_private.now() not null,
    finished_at timestamptz,
    constraint webhook_messages_pkey primary key (tenant_id, id),
    constraint status_is_known check (status in ('pending', 'delivered', 'failed', 'discarded')),
    constraint finished_at_set_when_final check ((finished_at is not null) = (status <> 'pending'))
) partition by range (id);
create table aias_private.webhook_messages_default partition of aias_private.webhook_messages default;
create index webhook_messages_endpoint_idx on aias_private.webhook_messages (tenant_id, endpoint_id, id);
comment on table aias_private.webhook_messages is 'The outbox: what is to be told to whom, and how that went.';

alter table aias_private.webhooks enable row level security;
alter table aias_private.webhooks force row level security;
create policy tenant_isolation on aias_private.webhooks
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.webhook_deliveries enable row level security;
alter table aias_private.webhook_deliveries force row level security;
create policy tenant_isolation on aias_private.webhook_deliveries
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.privacy_requests enable row level security;
alter table aias_private.privacy_requests force row level security;
create policy tenant_isolation on aias_private.privacy_requests
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.webhook_endpoints enable row level security;
alter table aias_private.webhook_endpoints force row level security;
create policy tenant_isolation on aias_private.webhook_endpoints
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.webhook_messages enable row level security;
alter table aias_private.webhook_messages force row level security;
create policy tenant_isolation on aias_private.webhook_messages
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
