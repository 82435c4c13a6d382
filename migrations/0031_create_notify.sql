-- Notices: the channels of tenants and of the operators, what is to be told, and the outbox.
--
-- The nil tenant stands for the operators; for that there is no foreign key to tenants. The secret of a tenant's channel
-- stands in aias_private.integrations (kind channel), sealed like every other, so that the rotation and the erasure of
-- keys reach it; the operators have no tenant, so theirs stands here, sealed under a key of theirs.
create table aias_private.operator_keys (
    id text not null,
    wrapped bytea not null,
    master_key_id text not null,
    created_at timestamptz default aias_private.now() not null,
    constraint operator_keys_pkey primary key (id),
    constraint id_is_hex check (id ~ '^[0-9a-f]{16}$'),
    constraint master_key_id_is_hex check (master_key_id ~ '^[0-9a-f]{16}$'),
    constraint wrapped_is_a_wrapped_key check (octet_length(wrapped) = 61)
);
comment on table aias_private.operator_keys is
'The key that seals the secrets of the operators'' channels, wrapped by the master key.';

create table aias_private.channels (
    tenant_id uuid default '00000000-0000-0000-0000-000000000000' not null,
    id uuid default aias_private.uuid7() not null,
    name text not null,
    kind text not null,
    config jsonb default '{}' not null,
    integration_id uuid,
    secret bytea,
    key_id text,
    min_severity text default 'info' not null,
    -- which kinds of notice it takes; null: all
    kinds text[],
    is_enabled boolean default true not null,
    failing_since timestamptz,
    last_error text,
    created_at timestamptz default aias_private.now() not null,
    updated_at timestamptz default aias_private.now() not null,
    constraint channels_pkey primary key (tenant_id, id),
    constraint channels_name_key unique (tenant_id, name),
    constraint channels_integration_fkey foreign key (tenant_id, integration_id)
    references aias_private.integrations (tenant_id, id) on delete cascade,
    constraint channels_key_fkey foreign key (key_id)
    references aias_private.operator_keys (id) on delete restrict,
    constraint name_is_a_word check (name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    constraint kind_is_known check (kind in ('email', 'slack', 'webhook', 'dashboard')),
    constraint config_is_an_object check (jsonb_typeof(config) = 'object'),
    constraint config_is_small check (octet_length(config::text) <= 10000),
    constraint min_severity_is_known check (min_severity in ('info', 'warning', 'critical')),
    constraint kinds_are_few check (cardinality(kinds) between 1 and 50),
    constraint secret_is_sealed check (octet_length(secret) between 29 and 100000),
    constraint secret_is_in_one_place check (
        case
            when kind = 'dashboard' then integration_id is null and secret is null and key_id is null
            when tenant_id = '00000000-0000-0000-0000-000000000000'
                then integration_id is null and secret is not null and key_id is not null
            else integration_id is not null and secret is null and key_id is null
        end
    )
);
create index channels_integration_idx on aias_private.channels (tenant_id, integration_id);
create index channels_key_idx on aias_private.channels (key_id);
create index channels_failing_idx on aias_private.channels (failing_since) where failing_since is not null;
comment on table aias_private.channels is 'Where tenants and operators are told: by mail, in Slack, by a webhook, on the page.';

create table aias_private.notices (
    tenant_id uuid default '00000000-0000-0000-0000-000000000000' not null,
    id uuid default aias_private.uuid7() not null,
    kind text not null,
    severity text not null,
    title text not null,
    body text not null,
    details jsonb default '{}' not null,
    dedup_key text not null,
    created_at timestamptz default aias_private.now() not null,
    constraint notices_pkey primary key (tenant_id, id),
    constraint notices_dedup_key unique (tenant_id, dedup_key),
    constraint kind_is_a_word check (kind ~ '^[a-z][a-z0-9_.]{0,62}$'),
    constraint severity_is_known check (severity in ('info', 'warning', 'critical')),
    constraint title_is_short check (length(title) between 1 and 500),
    constraint body_is_bounded check (length(body) <= 20000),
    constraint details_are_an_object check (jsonb_typeof(details) = 'object'),
    constraint dedup_key_is_short check (length(dedup_key) between 1 and 500)
);
comment on table aias_private.notices is 'What is to be told, once per key.';

create table aias_private.notice_deliveries (
    tenant_id uuid default '00000000-0000-0000-0000-000000000000' not null,
    id uuid default aias_private.uuid7() not null,
    notice_id uuid not null,
    channel_id uuid not null,
    status text default 'pending' not null,
    attempt_count integer default 0 not null,
    next_at timestamptz,
    -- the intent: set before it is sent, and until when whoever sends it is believed to live
    lease_until timestamptz,
    holder text,
    -- how often nobody knew whether it had arrived, and it was sent again under the same id
    doubt_count integer default 0 not null,
    last_error text,
    finished_at timestamptz,
    read_at timestamptz,
    read_by text,
    constraint notice_deliveries_pkey primary key (tenant_id, id),
    constraint notice_deliveries_notice_fkey foreign key (tenant_id, notice_id)
    references aias_private.notices (tenant_id, id) on delete cascade,
    constraint notice_deliveries_channel_fkey foreign key (tenant_id, channel_id)
    references aias_private.channels (tenant_id, id) on delete cascade,
    constraint notice_deliveries_once_key unique (tenant_id, notice_id, channel_id),
    constraint status_is_known check (status in ('pending', 'sending', 'delivered', 'failed', 'discarded')),
    constraint next_at_set_when_pending check ((next_at is not null) = (status = 'pending')),
    constraint lease_set_when_sending check (
        (lease_until is not null) = (status = 'sending') and (holder is not null) = (status = 'sending')
    ),
    constraint finished_at_set_when_final check (
        (finished_at is not null) = (status in ('delivered', 'failed', 'discarded'))
    ),
    constraint read_by_set_when_read check ((read_at is null) = (read_by is null))
);
create index notice_deliveries_channel_idx on aias_private.notice_deliveries (tenant_id, channel_id, id);
create index notice_deliveries_id_idx on aias_private.notice_deliveries (id);
create index notice_deliveries_due_idx on aias_private.notice_deliveries (next_at) where status = 'pending';
create index notice_deliveries_lease_idx on aias_private.notice_deliveries (lease_until) where status = 'sending';
comment on table aias_private.notice_deliveries is 'The outbox: which notice goes by which channel, and how that went.';

-- the operators' page takes notices from the first minute on; a tenant's is made with its first notice
insert into aias_private.channels (name, kind) values ('dashboard', 'dashboard');

alter table aias_private.channels enable row level security;
alter table aias_private.channels force row level security;
create policy tenant_isolation on aias_private.channels
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.notices enable row level security;
alter table aias_private.notices force row level security;
create policy tenant_isolation on aias_private.notices
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.notice_deliveries enable row level security;
alter table aias_private.notice_deliveries force row level security;
create policy tenant_isolation on aias_private.notice_deliveries
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
