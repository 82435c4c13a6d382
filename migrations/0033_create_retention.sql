-- Retention: for each growing table one row that says how long its rows are kept and what happens to them then; what tenants
-- are owed beyond that; and the runs, with what each of them did.
--
-- squawk-ignore-file require-concurrent-index-creation
create table aias_private.retention_policies (
    table_name text not null,
    action text not null,
    -- how old a row gets; null where it stays
    age interval,
    cadence text default 'daily' not null,
    is_enabled boolean default true not null,
    -- rows of one month go together with this table's
    follows text,
    -- of a table without monthly partitions: what its rows' age is counted from
    time_column text,
    -- an SQL condition on a row r, null for none: it stays, however old it is; a table with months needs an index of it
    keep_where text,
    -- a function without arguments that runs before rows are dropped: it sums up what would be lost
    prepare text,
    -- a function that is given a partition's name and says why it may not be dropped yet; null when it may
    guard text,
    anonymized_columns text[],
    note text,
    last_run_at timestamptz,
    constraint retention_policies_pkey primary key (table_name),
    constraint retention_policies_follows_fkey foreign key (follows)
    references aias_private.retention_policies (table_name) on delete cascade,
    constraint action_is_known check (
        action in ('drop', 'archive', 'aggregate', 'soft_delete', 'anonymize', 'delete', 'keep')
    ),
    constraint cadence_is_known check (cadence in ('daily', 'weekly', 'monthly', 'quarterly')),
    constraint age_set_unless_it_stays_or_follows check ((age is null) = (action = 'keep' or follows is not null)),
    constraint age_is_a_day_or_more check (age >= interval '1 day'),
    constraint time_column_set_for_rows check (
        (time_column is not null) = (action in ('delete', 'anonymize', 'soft_delete'))
    ),
    constraint what_stays_has_a_reason check (action <> 'keep' or note is not null),
    constraint anonymized_columns_set_to_anonymize check ((anonymized_columns is not null) = (action = 'anonymize'))
);
create index retention_policies_follows_idx on aias_private.retention_policies (follows);
comment on table aias_private.retention_policies is 'How long the rows of each growing table are kept, and what happens then.';

create table aias_private.retention_overrides (
    tenant_id uuid not null,
    -- * is every table
    table_name text default '*' not null,
    -- null: a hold, nothing goes
    age interval,
    reason text not null,
    set_by text not null,
    set_at timestamptz default aias_private.now() not null,
    constraint retention_overrides_pkey primary key (tenant_id, table_name),
    constraint retention_overrides_tenant_id_fkey foreign key (tenant_id)
    references aias_private.tenants (id) on delete cascade,
    constraint age_is_a_day_or_more check (age >= interval '1 day'),
    constraint reason_is_short check (length(reason) between 1 and 1000)
);
comment on table aias_private.retention_overrides is
'Tenants whose rows are kept longer (a legal hold, a contract) or shorter (a contract).';

create table aias_private.retention_runs (
    id uuid default aias_private.uuid7() not null,
    requested_by text not null,
    status text default 'running' not null,
    started_at timestamptz default aias_private.now() not null,
    finished_at timestamptz,
    constraint retention_runs_pkey primary key (id),
    constraint status_is_known check (status in ('running', 'done', 'failed')),
    constraint finished_at_set_when_final check ((finished_at is not null) = (status in ('done', 'failed')))
);
create unique index retention_runs_open_key on aias_private.retention_runs (status) where status = 'running';
comment on table aias_private.retention_runs is 'The runs of retention; at most one goes on at a time.';

create table aias_private.retention_items (
    run_id uuid not null,
    -- the order in which they are dealt with
    position integer not null,
    table_name text not null,
    -- a partition or the table itself
    object text not null,
    kind text not null,
    -- the partition of the table that this one follows, else its own name
    unit text not null,
    owner_tenant_id uuid,
    action text not null,
    cutoff_at timestamptz,
    row_estimate bigint not null,
    byte_count bigint not null,
    state text default 'planned' not null,
    detail text,
    gone_count bigint default 0 not null,
    kept_count bigint default 0 not null,
    next_block bigint default 0 not null,
    attempt_count integer default 0 not null,
    changed_at timestamptz default aias_private.now() not null,
    constraint retention_items_pkey primary key (run_id, position),
    constraint retention_items_run_id_fkey foreign key (run_id)
    references aias_private.retention_runs (id) on delete cascade,
    constraint retention_items_table_name_fkey foreign key (table_name)
    references aias_private.retention_policies (table_name) on delete cascade,
    constraint kind_is_known check (kind in ('partition', 'rows', 'tenant', 'strays', 'workflows')),
    constraint state_is_known check (
        state in ('planned', 'archiving', 'archived', 'detached', 'dropped', 'done', 'waiting', 'failed')
    )
);
create index retention_items_table_idx on aias_private.retention_items (table_name);
create index retention_items_detached_idx on aias_private.retention_items (object) where state = 'detached';
comment on table aias_private.retention_items is 'What a run of retention has to do, and how far it is.';

create table aias_private.retention_warnings (
    tenant_id uuid not null,
    workflow_id uuid not null,
    told_at timestamptz default aias_private.now() not null,
    constraint retention_warnings_pkey primary key (tenant_id, workflow_id),
    constraint retention_warnings_workflow_fkey foreign key (tenant_id, workflow_id)
    references aias_private.workflows (tenant_id, id) on delete cascade
);
comment on table aias_private.retention_warnings is 'Workflows whose owners were told that they go unless they run.';

alter table aias_private.retention_overrides enable row level security;
alter table aias_private.retention_overrides force row level security;
create policy tenant_isolation on aias_private.retention_overrides
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.retention_warnings enable row level security;
alter table aias_private.retention_warnings force row level security;
create policy tenant_isolation on aias_private.retention_warnings
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

-- followers come after what they follow
insert into aias_private.retention_policies
(table_name, action, age, cadence, follows, time_column, keep_where, prepare, anonymized_columns, note)
values
('executions', 'drop', '90 days', 'daily', null, null, 'r.status in (''queued'', ''running'', ''waiting'')', null, null, null),
('steps', 'drop', null, 'daily', 'executions', null, null, null, null, null),
('execution_events', 'drop', null, 'daily', 'executions', null, null, null, null, null),
('effects', 'drop', null, 'daily', 'executions', null, null, null, null, null),
('telemetry_events', 'aggregate', '30 days', 'daily', null, null, null, 'aias_private.fold_telemetry', null, null),
('audit_log', 'archive', '1 year', 'quarterly', null, null, null, null, null, null),
('logs_info', 'drop', '30 days', 'daily', null, null, null, null, null, null),
('logs_error', 'drop', '90 days', 'daily', null, null, null, null, null, null),
('error_occurrences', 'drop', '90 days', 'daily', null, null, null, null, null, null),
('metric_minutes', 'drop', '60 days', 'daily', null, null, null, null, null, null),
('metric_hours', 'drop', '400 days', 'daily', null, null, null, null, null, null),
('metric_days', 'drop', '3 years', 'monthly', null, null, null, null, null, null),
('trace_spans', 'drop', '30 days', 'daily', null, null, null, null, null, null),
('upstream_calls', 'drop', '60 days', 'daily', null, null, null, null, null, null),
('events', 'drop', '90 days', 'daily', null, null, null, null, null, null),
('event_deliveries', 'drop', null, 'daily', 'events', null, null, null, null, null),
('webhook_deliveries', 'drop', '30 days', 'daily', null, null, null, null, null, null),
('webhook_messages', 'drop', '30 days', 'daily', null, null, null, null, null, null),
(
    'schedule_ticks', 'drop', '90 days', 'daily', null, null,
    'r.status in (''queued'', ''started'', ''retrying'')', null, null, null
),
(
    'signals', 'delete', '90 days', 'daily', null, 'created_at',
    'exists (select from aias_private.executions as e where e.tenant_id = r.tenant_id and e.id = r.execution_id'
    ' and e.status in (''queued'', ''running'', ''waiting''))', null, null, null
),
('idempotency_keys', 'delete', '30 days', 'daily', null, 'created_at', null, null, null, null),
(
    'http_answers', 'delete', '2 days', 'daily', null, 'created_at', null, null, null,
    'the schedule `answers` drops them after a day; this is for what it left'
),
(
    'dead_letters', 'delete', '90 days', 'daily', null, 'created_at', 'r.resolution is null', null, null,
    'only settled ones; open ones wait for someone'
),
(
    'notices', 'delete', '90 days', 'daily', null, 'created_at',
    'exists (select from aias_private.notice_deliveries as d where d.tenant_id = r.tenant_id and d.notice_id = r.id'
    ' and d.status in (''pending'', ''sending''))', null, null, null
),
('alerts', 'delete', '1 year', 'daily', null, 'opened_at', 'r.resolved_at is null', null, null, null),
('alert_silences', 'delete', '1 year', 'weekly', null, 'created_at', 'r.until > aias_private.now()', null, null, null),
('breaker_transitions', 'delete', '90 days', 'daily', null, 'at', null, null, null, null),
('schedule_backfills', 'delete', '90 days', 'daily', null, 'created_at', 'r.finished_at is null', null, null, null),
('fuses', 'delete', '1 year', 'weekly', null, 'blown_at', 'r.released_at is null', null, null, null),
(
    'gate_waiters', 'delete', '90 days', 'daily', null, 'created_at',
    'exists (select from aias_private.executions as e where e.tenant_id = r.tenant_id and e.id = r.execution_id'
    ' and e.status in (''queued'', ''running'', ''waiting''))', null, null, null
),
('oauth_states', 'delete', '7 days', 'daily', null, 'created_at', null, null, null, null),
(
    'integration_references', 'delete', '400 days', 'weekly', null, 'created_at', null, null, null,
    'what upstreams gave for our references: found again for as long as orders are disputed'
),
('user_days', 'delete', '400 days', 'weekly', null, 'day', null, null, null, null),
('execution_days', 'delete', '3 years', 'monthly', null, 'day', null, null, null, null),
('integration_days', 'delete', '3 years', 'monthly', null, 'day', null, null, null, null),
('active_user_days', 'delete', '3 years', 'monthly', null, 'day', null, null, null, null),
('telemetry_outcome_days', 'delete', '3 years', 'monthly', null, 'day', null, null, null, null),
('retention_runs', 'delete', '400 days', 'weekly', null, 'started_at', 'r.status = ''running''', null, null, null),
(
    'privacy_requests', 'anonymize', '1 year', 'monthly', null, 'created_at', 'r.settled_at is null', null,
    array['customer_id', 'note'], null
),
(
    'workflows', 'soft_delete', '1 year', 'monthly', null, 'created_at', null, null, null,
    'counted from the last run; restored by aias.restore_workflow'
),
('telemetry_days', 'keep', null, 'daily', null, null, null, null, null, 'the aggregates outlive the events'),
('telemetry_tallies', 'keep', null, 'daily', null, null, null, null, null, 'folded into telemetry_days each minute'),
('telemetry_outcomes', 'keep', null, 'daily', null, null, null, null, null, 'folded into telemetry_outcome_days each minute'),
('telemetry_charges', 'keep', null, 'daily', null, null, null, null, null, 'collected each second'),
('telemetry_keys', 'keep', null, 'daily', null, null, null, null, null, 'turned over by the week'),
('metric_deltas', 'keep', null, 'daily', null, null, null, null, null, 'rolled up into metric_minutes each minute'),
('fuse_failures', 'keep', null, 'daily', null, null, null, null, null, 'the schedule of the fuses drops what is out of their windows'),
('breaker_windows', 'keep', null, 'daily', null, null, null, null, null, 'counting drops what is out of the window'),
('cache_changes', 'keep', null, 'daily', null, null, null, null, null, 'the schedule `cache` drops them'),
('plan_changes', 'keep', null, 'daily', null, null, null, null, null, 'a few rows in the life of a tenant, which bills rest on'),
('usage_months', 'keep', null, 'daily', null, null, null, null, null, 'a few rows per tenant and month, which bills rest on'),
('workflow_versions', 'keep', null, 'daily', null, null, null, null, null, 'what executions ran; goes with the tenant'),
('quota_stops', 'keep', null, 'daily', null, null, null, null, null, 'goes with the month that it stands for'),
('notice_deliveries', 'keep', null, 'daily', null, null, null, null, null, 'goes with its notice'),
('health_results', 'drop', '90 days', 'daily', null, null, null, null, null, null),
('performance_weeks', 'keep', null, 'daily', null, null, null, null, null, 'some hundred rows a year'),
('archives', 'keep', null, 'daily', null, null, null, null, null, 'one per file'),
('audit_seals', 'keep', null, 'daily', null, null, null, null, null, 'the chain that archives are checked against'),
('audit_verifications', 'delete', '90 days', 'daily', null, 'verified_at', null, null, null, null),
('erasures', 'keep', null, 'daily', null, null, null, null, null, 'the certificates of what was erased'),
('error_tenants', 'delete', '400 days', 'weekly', null, 'last_seen_at', null, null, null, null),
('error_groups', 'keep', null, 'daily', null, null, null, null, null, 'one per kind of error, however often it comes'),
('alert_breaches', 'keep', null, 'daily', null, null, null, null, null, 'one per condition that holds'),
('alert_tellings', 'keep', null, 'daily', null, null, null, null, null, 'goes with its alert'),
('alert_paces', 'keep', null, 'daily', null, null, null, null, null, 'one per tenant and rule'),
('tenant_milestones', 'keep', null, 'daily', null, null, null, null, null, 'one per tenant'),
('gates', 'keep', null, 'daily', null, null, null, null, null, 'one per connection'),
('integration_checks', 'keep', null, 'daily', null, null, null, null, null, 'one per connection'),
('learned_limits', 'keep', null, 'daily', null, null, null, null, null, 'one per connection'),
('upstream_places', 'keep', null, 'daily', null, null, null, null, null, 'one per call that goes on'),
('retention_warnings', 'keep', null, 'daily', null, null, null, null, null, 'one per unused workflow');
-- what is not sealed is not dropped
update aias_private.retention_policies set guard = 'aias_private.unsealed_reason'
where table_name = 'audit_log';
-- settings: as many as are wanted
insert into aias_private.retention_policies (table_name, action, note)
select
    s.name,
    'keep' as action,
    'settings: as many as are wanted' as note
from unnest(
    array[
        'alert_rules', 'api_keys', 'channels', 'event_subscriptions', 'integrations', 'limits', 'pauses', 'retention_overrides',
        'schedules', 'tenant_keys', 'users', 'webhook_endpoints', 'webhooks'
    ]
) as s (name);
-- old keys lie together at the front of the table: this index costs a start of an execution nothing
create index idempotency_keys_created_at_idx on aias_private.idempotency_keys using brin (created_at);
