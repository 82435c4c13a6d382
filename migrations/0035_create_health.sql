-- Health: what is looked at and how often, what was found, and what keys can't hold together.
-- squawk-ignore-file adding-foreign-key-constraint, constraint-missing-not-valid, ban-drop-constraint

-- What happens to a row when what it refers to goes is always said, never left to the default.
alter table aias_private.plans drop constraint plans_lane_fkey;
alter table aias_private.plans add constraint plans_lane_fkey
foreign key (lane) references aias_private.lanes (name) on delete restrict;
alter table aias_private.tenants drop constraint tenants_plan_fkey;
alter table aias_private.tenants add constraint tenants_plan_fkey
foreign key (plan) references aias_private.plans (name) on delete restrict;
alter table aias_private.executions drop constraint executions_lane_fkey;
alter table aias_private.executions add constraint executions_lane_fkey
foreign key (lane) references aias_private.lanes (name) on delete restrict;

create table aias_private.health_checks (
    -- the function aias_private.check_<name>(), which gives (object, problem); those of Python are reported to note_health
    name text not null,
    cadence text not null,
    runs_in text default 'sql' not null,
    -- whether the system is of no use, or soon will not be, without it
    is_vital boolean not null,
    severity text not null,
    -- the rule that tells of the same by itself, each minute; null: a change of state is told by health_failing
    told_by text,
    is_enabled boolean default true not null,
    description text not null,
    status text default 'unknown' not null,
    since timestamptz,
    checked_at timestamptz,
    latency_ms double precision,
    problem_count integer default 0 not null,
    problems jsonb default '[]' not null,
    constraint health_checks_pkey primary key (name),
    constraint name_is_a_word check (name ~ '^[a-z][a-z0-9_]{0,40}$'),
    constraint cadence_is_known check (cadence in ('five_minutes', 'hourly', 'daily', 'weekly', 'quarterly')),
    constraint runs_in_is_known check (runs_in in ('sql', 'python')),
    constraint severity_is_known check (severity in ('info', 'warning', 'critical')),
    constraint status_is_known check (status in ('unknown', 'ok', 'failing')),
    constraint checked_at_set_when_known check ((checked_at is null) = (status = 'unknown')),
    constraint since_set_when_known check ((since is null) = (status = 'unknown')),
    constraint problems_are_an_array check (jsonb_typeof(problems) = 'array')
);
comment on table aias_private.health_checks is
'What is looked at, how often, and what was found last.';

insert into aias_private.health_checks (name, cadence, runs_in, is_vital, severity, told_by, description)
values
(
    'server', 'five_minutes', 'sql', true, 'critical', null,
    'The database server takes writes, has connections left, and no transaction has been open for more than an hour.'
),
('api', 'five_minutes', 'python', true, 'critical', null, 'Every HTTP server that registered itself answers that it is ready.'),
(
    'integrations', 'hourly', 'sql', false, 'warning', 'integration_failing',
    'Every connection works, by its last check, and was checked within two hours.'
),
('orphans', 'daily', 'sql', false, 'warning', null, 'No row refers to one that is gone, no execution lacks its job.'),
('counters', 'daily', 'sql', false, 'warning', null, 'What is counted agrees with what it was counted from.'),
(
    'partitions', 'daily', 'sql', false, 'warning', 'partition_trouble',
    'Next month''s partitions are there, and no row lies outside its partition.'
),
('indexes', 'daily', 'sql', false, 'warning', null, 'Every index is valid.'),
('audit', 'daily', 'sql', true, 'critical', 'audit_broken', 'The audit log is what was written, and its guards are on.'),
('bloat', 'daily', 'sql', false, 'warning', null, 'No table is mostly dead rows, no index several times as large as it need be.'),
('sequences', 'daily', 'sql', true, 'critical', null, 'No sequence has used more than 80 % of its numbers.'),
(
    'wraparound', 'daily', 'sql', true, 'critical', null,
    'No table is older than half of the transactions that PostgreSQL can tell apart.'
),
(
    'performance', 'weekly', 'sql', false, 'warning', null,
    'Nothing took more than twice as long (p95) last week as in the week before.'
),
(
    'optimization', 'quarterly', 'python', false, 'warning', null,
    'Bloated indexes were built anew, and the planner''s statistics are fresh.'
);

create table aias_private.health_results (
    id uuid default aias_private.uuid7() not null,
    name text not null,
    checked_at timestamptz default aias_private.now() not null,
    status text not null,
    latency_ms double precision not null,
    problem_count integer not null,
    -- the first 20
    problems jsonb not null,
    figures jsonb default '{}' not null,
    constraint health_results_pkey primary key (id),
    constraint status_is_known check (status in ('ok', 'failing')),
    constraint latency_ms_is_not_negative check (latency_ms >= 0)
) partition by range (id);
create table aias_private.health_results_default partition of aias_private.health_results default;
create index health_results_name_idx on aias_private.health_results (name, id);
comment on table aias_private.health_results is 'What each look at each check found, and how long it took.';

-- Kept for good: some hundred rows a year.
create table aias_private.performance_weeks (
    -- its Monday, UTC
    week date not null,
    kind text not null,
    name text not null,
    observation_count bigint,
    p50_seconds double precision,
    p95_seconds double precision,
    p99_seconds double precision,
    size_bytes bigint,
    constraint performance_weeks_pkey primary key (week, kind, name),
    constraint week_begins_on_monday check (extract(isodow from week) = 1),
    constraint kind_is_known check (kind in ('metric', 'statement', 'table'))
);
comment on table aias_private.performance_weeks is
'Percentiles, the slowest statements and the sizes of tables, week by week.';

create table aias_private.orphan_kinds (
    name text not null,
    -- report: a person decides; repair: what is left over goes, and what is missing is made again
    policy text not null,
    -- rows of child_table whose child_column is no parent_column of parent_table, of the same tenant; null: a pair of jobs and executions
    child_table text,
    child_column text,
    parent_table text,
    parent_column text,
    description text not null,
    constraint orphan_kinds_pkey primary key (name),
    constraint name_is_a_word check (name ~ '^[a-z][a-z0-9_]{0,62}$'),
    constraint policy_is_known check (policy in ('report', 'repair')),
    constraint tables_and_columns_come_together check (
        num_nulls(child_table, child_column, parent_table, parent_column) in (0, 4)
    )
);
comment on table aias_private.orphan_kinds is 'What can be left over where no key holds it, and what is done about it.';

insert into aias_private.orphan_kinds (name, policy, child_table, child_column, parent_table, parent_column, description)
values
('executions_without_workflow', 'report', 'executions', 'workflow_id', 'workflows', 'id', 'Executions of workflows that are gone.'),
('steps_without_execution', 'repair', 'steps', 'execution_id', 'executions', 'id', 'Steps of executions that are gone.'),
('events_without_execution', 'repair', 'execution_events', 'execution_id', 'executions', 'id', 'Events of executions that are gone.'),
('signals_without_execution', 'repair', 'signals', 'execution_id', 'executions', 'id', 'Signals to executions that are gone.'),
(
    'effects_without_execution', 'report', 'effects', 'execution_id', 'executions', 'id',
    'Effects of executions that are gone: what an upstream was asked to do is not forgotten by itself.'
),
('gate_waiters_without_execution', 'repair', 'gate_waiters', 'execution_id', 'executions', 'id', 'Places in a gate''s line of executions that are gone.'),
('dead_letters_without_execution', 'report', 'dead_letters', 'execution_id', 'executions', 'id', 'Dead letters of executions that are gone.'),
('workflows_without_tenant', 'report', 'workflows', 'tenant_id', 'tenants', 'id', 'Workflows of tenants that are gone.'),
('executions_without_tenant', 'report', 'executions', 'tenant_id', 'tenants', 'id', 'Executions of tenants that are gone.'),
('integrations_without_tenant', 'report', 'integrations', 'tenant_id', 'tenants', 'id', 'Connections of tenants that are gone.'),
('checks_without_integration', 'repair', 'integration_checks', 'integration_id', 'integrations', 'id', 'Checks of connections that are gone.'),
('users_without_tenant', 'report', 'users', 'tenant_id', 'tenants', 'id', 'Users of tenants that are gone.'),
('usage_without_tenant', 'repair', 'usage_months', 'tenant_id', 'tenants', 'id', 'What tenants that are gone used of their plans.'),
('execution_days_without_tenant', 'repair', 'execution_days', 'tenant_id', 'tenants', 'id', 'Daily counts of tenants that are gone.'),
('telemetry_days_without_tenant', 'repair', 'telemetry_days', 'tenant_id', 'tenants', 'id', 'Daily counts of what users of tenants that are gone did.'),
('active_users_without_tenant', 'repair', 'user_days', 'tenant_id', 'tenants', 'id', 'Days of users of tenants that are gone.'),
('executions_without_job', 'repair', null, null, null, null, 'Executions that go on by a job that is gone.'),
('jobs_without_execution', 'repair', null, null, null, null, 'Waiting jobs of executions that are gone or go on by another job.');

-- HTTP servers that are up, or were when they last said so.
create table aias_private.api_servers (
    id uuid not null,
    url text not null,
    host_name text not null,
    started_at timestamptz not null,
    heartbeat_at timestamptz not null,
    constraint api_servers_pkey primary key (id),
    constraint url_is_http check (url ~ '^https?://')
);
comment on table aias_private.api_servers is 'HTTP servers that registered themselves, and when each last said that it is there.';

insert into aias_private.alert_rules (
    name, source, comparison, threshold, window_length, for_duration, severity, tells, renotify_every, inhibited_by, position,
    is_shipped, description
)
values
(
    'health_failing', null, '>', 0, '15 min', '0', 'warning', '{operators}', '1 day', '{}', 0, true,
    'A check of the system''s health fails.'
);

do $$
begin
    -- a new database gets its partitions when the function is made
    if to_regprocedure('aias_private.ensure_partitions(integer)') is not null then
        perform partition_name from aias_private.ensure_partitions(3);
    end if;
end;
$$;
