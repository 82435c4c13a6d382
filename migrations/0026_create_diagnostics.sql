-- What happened: log records, errors by their fingerprints, and the fuses that errors blow.
--
-- Log records are split by class, so that records (30 days) and errors (90 days) age apart, and each class by month, so that
-- retention drops partitions. aias_private.ensure_partitions makes the months of both.
--
-- The tables are new and the columns nullable; the checks are of tables that hold few rows.
-- squawk-ignore-file require-concurrent-index-creation, constraint-missing-not-valid, adding-foreign-key-constraint, disallowed-unique-constraint, ban-drop-constraint
create table aias_private.logs (
    -- the nil UUID for the system's own
    tenant_id uuid default '00000000-0000-0000-0000-000000000000' not null,
    -- made where the record was written, by that process's clock
    id uuid not null,
    class text not null,
    at timestamptz not null,
    level text not null,
    logger text not null,
    message text not null,
    execution_id uuid,
    step text,
    job_id bigint,
    correlation_id text,
    trace_id text,
    request_id text,
    context jsonb default '{}' not null,
    process text not null,
    -- whoever follows asks for what its last snapshot did not show: commits are out of order, ids are not
    xid xid8 default pg_current_xact_id() not null,
    constraint logs_pkey primary key (tenant_id, id, class),
    constraint class_is_known check (class in ('info', 'error')),
    constraint level_is_known check (level in ('debug', 'info', 'warning', 'error', 'critical'))
) partition by list (class);
create table aias_private.logs_info partition of aias_private.logs for values in ('info') partition by range (id);
create table aias_private.logs_info_default partition of aias_private.logs_info default;
create table aias_private.logs_error partition of aias_private.logs for values in ('error') partition by range (id);
create table aias_private.logs_error_default partition of aias_private.logs_error default;
create index logs_id_idx on aias_private.logs (id);
create index logs_xid_idx on aias_private.logs (xid);
create index logs_execution_idx on aias_private.logs (execution_id, id) where execution_id is not null;
create index logs_correlation_idx on aias_private.logs (correlation_id, id) where correlation_id is not null;
create index logs_text_idx on aias_private.logs
using gin ((to_tsvector('simple', message) || jsonb_to_tsvector('simple', context, '["string", "numeric"]')));
comment on table aias_private.logs is 'What the processes logged, scrubbed of secrets and personal data.';
comment on table aias_private.logs_info is 'Records below error: kept for 30 days.';
comment on table aias_private.logs_error is 'Records of errors: kept for 90 days.';

alter table aias_private.logs enable row level security;
alter table aias_private.logs force row level security;
create policy tenant_isolation on aias_private.logs
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

-- Errors. A group is all tenants'; what a tenant has of it is a row of its own, and all that the tenant is shown.
create table aias_private.error_groups (
    id uuid default aias_private.uuid7() not null,
    fingerprint text not null,
    type text not null,
    -- without what differs from one failure to the next
    message text not null,
    frames text[] not null,
    status text default 'open' not null,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    failure_count bigint not null,
    sample jsonb not null,
    executions uuid[] not null,
    -- how many occurrences were offered in this minute: only the first of a minute are kept
    minute_at timestamptz not null,
    minute_count bigint not null,
    status_at timestamptz,
    status_by text,
    status_reason text,
    reopened_at timestamptz,
    reopen_count integer default 0 not null,
    constraint error_groups_pkey primary key (id),
    constraint error_groups_fingerprint_key unique (fingerprint),
    constraint status_is_known check (status in ('open', 'resolved', 'ignored')),
    constraint status_at_set_when_decided check (status = 'open' or status_at is not null)
);
create index error_groups_last_seen_idx on aias_private.error_groups (last_seen_at, id);
comment on table aias_private.error_groups is 'Errors that are the same: type, message and place.';

create table aias_private.error_tenants (
    tenant_id uuid not null,
    group_id uuid not null,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    failure_count bigint not null,
    sample jsonb not null,
    executions uuid[] not null,
    constraint error_tenants_pkey primary key (tenant_id, group_id),
    constraint error_tenants_group_fkey foreign key (group_id)
    references aias_private.error_groups (id) on delete cascade
);
create index error_tenants_group_idx on aias_private.error_tenants (group_id, last_seen_at);
comment on table aias_private.error_tenants is 'What each tenant has of a group of errors; the nil tenant is the system itself.';

alter table aias_private.error_tenants enable row level security;
alter table aias_private.error_tenants force row level security;
create policy tenant_isolation on aias_private.error_tenants
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

-- No foreign key to the group: retention drops a month of these whole, and a group goes long after its last occurrence.
create table aias_private.error_occurrences (
    tenant_id uuid not null,
    id uuid not null,
    group_id uuid not null,
    at timestamptz not null,
    source text not null,
    name text not null,
    message text not null,
    execution_id uuid,
    step text,
    job_id bigint,
    correlation_id text,
    trace_id text,
    request_id text,
    traceback text,
    process text not null,
    constraint error_occurrences_pkey primary key (tenant_id, id),
    constraint source_is_known check (source in ('step', 'job', 'request', 'periodic', 'log'))
) partition by range (id);
create table aias_private.error_occurrences_default partition of aias_private.error_occurrences default;
create index error_occurrences_group_idx on aias_private.error_occurrences (group_id, id);
comment on table aias_private.error_occurrences is 'Single failures: of each group the first of a minute.';

alter table aias_private.error_occurrences enable row level security;
alter table aias_private.error_occurrences force row level security;
create policy tenant_isolation on aias_private.error_occurrences
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

-- A batch that was committed while its answer was lost is sent again, and must not count twice.
create table aias_private.error_recorders (
    id uuid not null,
    batch bigint not null,
    at timestamptz default aias_private.now() not null,
    constraint error_recorders_pkey primary key (id)
);
comment on table aias_private.error_recorders is 'The last batch of errors that each process has written.';

-- Fuses.
create table aias_private.fuse_rules (
    scope text not null,
    -- a task or a workflow by its name, * for all others of the scope
    name text not null,
    failure_count integer not null,
    within interval not null,
    is_enabled boolean default true not null,
    constraint fuse_rules_pkey primary key (scope, name),
    constraint scope_is_known check (scope in ('task', 'workflow')),
    constraint failure_count_is_positive check (failure_count > 0),
    constraint within_is_a_time check (within between interval '10 seconds' and interval '1 day')
);
comment on table aias_private.fuse_rules is 'After how many equal failures in which time a fuse blows.';
insert into aias_private.fuse_rules (scope, name, failure_count, within)
values ('task', '*', 50, interval '5 minutes'), ('workflow', '*', 50, interval '5 minutes');

create table aias_private.fuse_failures (
    tenant_id uuid not null,
    scope text not null,
    name text not null,
    fingerprint text not null,
    -- ten seconds from here on
    at timestamptz not null,
    failure_count bigint not null,
    constraint fuse_failures_pkey primary key (tenant_id, scope, name, fingerprint, at)
);
create index fuse_failures_at_idx on aias_private.fuse_failures (at);
comment on table aias_private.fuse_failures is 'How often a task or a workflow gave up for the same reason, by ten seconds.';

alter table aias_private.fuse_failures enable row level security;
alter table aias_private.fuse_failures force row level security;
create policy tenant_isolation on aias_private.fuse_failures
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

create table aias_private.fuses (
    tenant_id uuid not null,
    id uuid default aias_private.uuid7() not null,
    scope text not null,
    name text not null,
    workflow_id uuid,
    group_id uuid,
    fingerprint text not null,
    -- the pause that keeps what follows from starting
    key text not null,
    reason text not null,
    failure_count bigint not null,
    within interval not null,
    diverted_count bigint default 0 not null,
    requeued_count bigint default 0 not null,
    is_requeueing boolean default false not null,
    blown_at timestamptz default aias_private.now() not null,
    released_at timestamptz,
    released_by text,
    released_reason text,
    constraint fuses_pkey primary key (tenant_id, id),
    constraint fuses_group_fkey foreign key (group_id)
    references aias_private.error_groups (id) on delete set null,
    constraint scope_is_known check (scope in ('task', 'workflow')),
    constraint workflow_set_for_a_workflow check ((workflow_id is not null) = (scope = 'workflow')),
    constraint released_by_set_when_released check ((released_at is not null) = (released_by is not null)),
    constraint requeueing_when_released check (not is_requeueing or released_at is not null)
);
create index fuses_id_idx on aias_private.fuses (id);
create index fuses_group_idx on aias_private.fuses (group_id);
create unique index fuses_open_key on aias_private.fuses (tenant_id, scope, name) where released_at is null;
create index fuses_requeueing_idx on aias_private.fuses (id) where is_requeueing;
comment on table aias_private.fuses is 'The fuses that blew: what follows goes to the dead letters until one is released.';

alter table aias_private.fuses enable row level security;
alter table aias_private.fuses force row level security;
create policy tenant_isolation on aias_private.fuses
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

-- each diverted job or execution names its incident
alter table aias_private.dead_letters add column fuse_id uuid;
alter table aias_private.dead_letters add constraint dead_letters_fuse_fkey foreign key (tenant_id, fuse_id)
references aias_private.fuses (tenant_id, id) on delete set null (fuse_id);
create index dead_letters_fuse_idx on aias_private.dead_letters (tenant_id, fuse_id, id) where fuse_id is not null;

-- what a fuse keeps from starting is parked as for any other pause
alter table aias_private.pauses drop constraint scope_is_known;
alter table aias_private.pauses
add constraint scope_is_known check (scope in ('lane', 'workflow', 'tenant', 'task', 'fuse'));
