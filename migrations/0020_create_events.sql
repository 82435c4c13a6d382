-- Events, who wants to hear of them, and what each of those got.
--
-- Events and deliveries are partitioned by month through the event's id; that an event id comes once per source is held
-- by aias_private.idempotency_keys (scope event:<source>), since a partitioned table can't.
-- squawk-ignore-file require-concurrent-index-creation
create table aias_private.events (
    tenant_id uuid not null,
    id uuid default aias_private.uuid7() not null,
    source text not null,
    event_id text not null,
    type text not null,
    subject text,
    at timestamptz not null,
    payload jsonb not null,
    -- how many executions and events led to it: what bounds loops
    depth integer default 0 not null,
    emitted_by text not null,
    created_at timestamptz default aias_private.now() not null,
    redacted_at timestamptz,
    constraint events_pkey primary key (tenant_id, id),
    constraint type_is_short check (length(type) between 1 and 200),
    constraint source_is_short check (length(source) between 1 and 500),
    constraint event_id_is_short check (length(event_id) between 1 and 255),
    constraint subject_is_short check (length(subject) <= 500)
) partition by range (id);
create table aias_private.events_default partition of aias_private.events default;
create index events_type_idx on aias_private.events (tenant_id, type, id);
comment on table aias_private.events is 'What happened, as tenants and the system say it.';

create table aias_private.event_subscriptions (
    tenant_id uuid not null,
    id uuid default aias_private.uuid7() not null,
    name text not null,
    type_pattern text not null,
    -- the pattern for LIKE: * is any run of characters
    type_like text generated always as (
        replace(replace(replace(replace(type_pattern, '\', '\\'), '%', '\%'), '_', '\_'), '*', '%')
    ) stored not null,
    filter jsonb default '{}' not null,
    condition text,
    mapping jsonb,
    workflow_id uuid not null,
    is_enabled boolean default true not null,
    created_at timestamptz default aias_private.now() not null,
    updated_at timestamptz default aias_private.now() not null,
    constraint event_subscriptions_pkey primary key (tenant_id, id),
    constraint event_subscriptions_name_key unique (tenant_id, name),
    constraint event_subscriptions_workflow_fkey foreign key (tenant_id, workflow_id)
    references aias_private.workflows (tenant_id, id) on delete cascade,
    constraint name_is_a_word check (name ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    constraint type_pattern_is_short check (length(type_pattern) between 1 and 200),
    constraint condition_is_short check (length(condition) <= 16000),
    constraint mapping_is_an_object check (jsonb_typeof(mapping) = 'object')
);
create index event_subscriptions_workflow_idx on aias_private.event_subscriptions (tenant_id, workflow_id);
comment on table aias_private.event_subscriptions is 'Which events start which workflows, and with which input.';

create table aias_private.event_deliveries (
    tenant_id uuid not null,
    event_id uuid not null,
    subscription_id uuid not null,
    status text not null,
    execution_id uuid,
    error jsonb,
    created_at timestamptz default aias_private.now() not null,
    settled_at timestamptz,
    constraint event_deliveries_pkey primary key (tenant_id, event_id, subscription_id),
    constraint status_is_known check (status in ('pending', 'started', 'filtered', 'failed')),
    constraint settled_at_set_when_settled check ((settled_at is not null) = (status <> 'pending'))
) partition by range (event_id);
create table aias_private.event_deliveries_default partition of aias_private.event_deliveries default;
comment on table aias_private.event_deliveries is 'What an event did for each subscription that it matched, once each.';

-- the steps that wait for events: what an event looks through
create index steps_event_wait_idx on aias_private.steps (tenant_id, (wait_detail ->> 'name'))
where status = 'waiting' and wait_kind = 'event';

alter table aias_private.events enable row level security;
alter table aias_private.events force row level security;
create policy tenant_isolation on aias_private.events
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.event_subscriptions enable row level security;
alter table aias_private.event_subscriptions force row level security;
create policy tenant_isolation on aias_private.event_subscriptions
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.event_deliveries enable row level security;
alter table aias_private.event_deliveries force row level security;
create policy tenant_isolation on aias_private.event_deliveries
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
