-- Alerts: rules, what they look at, what they opened, who was told, and what people silenced.
--
-- The nil tenant stands for the operators (of rules and silences) and for no tenant (of alerts), so that the keys can
-- start with it; for the same reason there is no foreign key to tenants.
create table aias_private.alert_sources (
    -- the function aias_private.watch_<name>(window), which gives (tenant_id, key, value, details)
    name text not null,
    key_kind text not null,
    unit text not null,
    description text not null,
    constraint alert_sources_pkey primary key (name),
    constraint name_is_a_word check (name ~ '^[a-z][a-z0-9_]{0,40}$'),
    constraint key_kind_is_a_word check (key_kind ~ '^[a-z]{1,30}$')
);
comment on table aias_private.alert_sources is
'What rules may look at: each is a function of ours with one shape; nothing else is ever run for a rule.';

insert into aias_private.alert_sources (name, key_kind, unit, description)
values
('error_rate', 'tenant', 'percent', 'Executions that failed, of those that began in the window and ended; from 20 on.'),
(
    'error_spike',
    'tenant',
    'ratio',
    'Failures for good within the window, as a multiple of the mean of the same window on the 7 days before; from 20 on.'
),
('integration_failing', 'integration', 'checks', 'Checks in a row that found a connection broken; 1000 where its credentials were refused.'),
('breaker_open', 'integration', 'minutes', 'For how long the breaker of a connection has been open.'),
(
    'latency',
    'integration',
    'ratio',
    'The mean time of a connection''s calls in the window, as a multiple of the mean of the day before; from 20 calls on.'
),
('usage', 'tenant', 'percent', 'What is used this month of what the plan includes, by measure.'),
('failed_for_good', 'work', 'dead letters', 'Dead letters of the window that nobody has dealt with, by workflow or task.'),
('schedule_late', 'schedule', 'minutes', 'By how much a due time has passed without anybody dealing with it.'),
('schedule_failed', 'schedule', 'runs', 'Runs of a schedule, or of a task of the system, that failed since the last good one.'),
('queue_wait', 'lane', 'seconds', 'How long the oldest job that could run has waited.'),
('lane_without_worker', 'lane', 'jobs', 'Jobs that wait in a lane on which no living worker works.'),
('partitions', 'table', 'problems', 'A partition that is missing for the month to come, or rows that lie in the default partition.'),
('database_size', 'database', 'GiB', 'What the database holds on disk.'),
('audit_broken', 'audit', 'problems', 'Guards of the audit log that are missing or switched off.'),
('channel_failing', 'channel', 'minutes', 'For how long nothing has got through a channel.');

create table aias_private.alert_rules (
    tenant_id uuid default '00000000-0000-0000-0000-000000000000' not null,
    name text not null,
    -- null: nothing is looked at; the system raises it itself
    source text,
    comparison text default '>' not null,
    threshold double precision default 0 not null,
    window_length interval default '15 minutes' not null,
    -- it must have held for so long before the alert opens, and be gone for so long before it ends
    for_duration interval default '0' not null,
    resolve_after interval default '5 minutes' not null,
    severity text default 'warning' not null,
    scope text default 'global' not null,
    scope_name text,
    tells text[] default '{operators}' not null,
    -- names of channels; null: every channel that takes the severity
    channels text[],
    -- null: told once
    renotify_every interval default '4 hours',
    -- alerts of a rule that open or end one after the other are told together, no more often than this
    group_every interval default '5 minutes' not null,
    -- rules that, while they are open for the same tenant, say what this one would
    inhibited_by text[] default '{}' not null,
    -- the order of evaluation: what others are inhibited by comes first
    position integer default 100 not null,
    is_enabled boolean default true not null,
    is_shipped boolean default false not null,
    description text not null,
    updated_at timestamptz default aias_private.now() not null,
    constraint alert_rules_pkey primary key (tenant_id, name),
    constraint alert_rules_source_fkey foreign key (source)
    references aias_private.alert_sources (name) on delete restrict,
    constraint name_is_a_word check (name ~ '^[a-z][a-z0-9_-]{0,62}$'),
    constraint comparison_is_known check (comparison in ('>', '>=', '<', '<=')),
    constraint threshold_is_a_number check (threshold not in ('nan', 'infinity', '-infinity')),
    constraint window_is_bounded check (window_length between interval '1 minute' and interval '31 days'),
    -- no "between" after an "and": what pg_restore reads back is written otherwise, and the schema would differ from the files
    constraint durations_are_bounded check (
        for_duration >= interval '0'
        and for_duration <= interval '7 days'
        and resolve_after >= interval '0'
        and resolve_after <= interval '7 days'
        and group_every >= interval '0'
        and group_every <= interval '1 day'
    ),
    constraint severity_is_known check (severity in ('info', 'warning', 'critical')),
    constraint scope_is_known check (scope in ('global', 'tenant', 'integration', 'lane')),
    constraint scope_is_whole check ((scope = 'global') = (scope_name is null)),
    constraint tells_somebody check (tells <@ array['operators', 'tenant'] and cardinality(tells) > 0),
    constraint channels_are_few check (cardinality(channels) between 1 and 50),
    constraint renotifies_at_a_bearable_pace check (renotify_every between interval '5 minutes' and interval '31 days')
);
create index alert_rules_source_idx on aias_private.alert_rules (source);
comment on table aias_private.alert_rules is 'When an alert opens, how grave it is, and who is told how often.';

insert into aias_private.alert_rules (
    name, source, comparison, threshold, window_length, for_duration, severity, tells, renotify_every, inhibited_by, position,
    is_shipped, description
)
values
(
    'fuse_blown', null, '>', 0, '15 min', '0', 'critical', '{operators,tenant}', '4 h', '{}', 0, true,
    'The same failure came so often that what follows is put aside.'
),
(
    'rule_failing', null, '>', 0, '15 min', '0', 'warning', '{operators}', '1 day', '{}', 0, true,
    'A rule could not be evaluated; the others were.'
),
(
    'error_rate', 'error_rate', '>', 5, '15 min', '0', 'critical', '{operators,tenant}', '4 h', '{fuse_blown}', 10, true,
    'More than 5 % of a tenant''s executions fail.'
),
(
    'error_spike', 'error_spike', '>', 3, '1 h', '0', 'warning', '{operators}', '4 h', '{fuse_blown,error_rate}', 20, true,
    'A tenant has more than three times the failures of the same hour on earlier days.'
),
(
    'breaker_open', 'breaker_open', '>=', 0, '15 min', '0', 'critical', '{operators,tenant}', '4 h', '{}', 30, true,
    'So many calls of a connection failed that nothing is sent.'
),
(
    'integration_failing', 'integration_failing', '>=', 1, '15 min', '0', 'warning', '{operators,tenant}', '1 day', '{}', 30,
    true, 'A connection was found broken, or its credentials were refused.'
),
(
    'latency_degraded', 'latency', '>', 2, '15 min', '10 min', 'warning', '{operators}', '4 h', '{breaker_open}', 40, true,
    'The calls of a connection take more than twice as long as on the day before.'
),
(
    'usage_80', 'usage', '>=', 80, '31 days', '0', 'warning', '{operators,tenant}', null, '{usage_100}', 60, true,
    'A tenant has used 80 % of what its plan includes this month.'
),
(
    'usage_100', 'usage', '>=', 100, '31 days', '0', 'critical', '{operators,tenant}', '1 day', '{}', 50, true,
    'A tenant has used all that its plan includes this month.'
),
(
    'job_failed', 'failed_for_good', '>', 0, '1 h', '0', 'warning', '{operators,tenant}', '1 day',
    '{fuse_blown,error_rate}', 70, true, 'An execution or a job has failed for good and lies in the dead letters.'
),
(
    'schedule_missed', 'schedule_late', '>', 5, '15 min', '0', 'critical', '{operators,tenant}', '4 h', '{}', 50, true,
    'A due time of a schedule has passed and nothing was started.'
),
(
    'scheduled_task_failed', 'schedule_failed', '>=', 1, '1 day', '0', 'warning', '{operators,tenant}', '1 day', '{}', 50, true,
    'The last run of a schedule, or of a task of the system, has failed.'
),
(
    'queue_wait', 'queue_wait', '>', 300, '15 min', '2 min', 'warning', '{operators}', '1 h', '{no_worker}', 60, true,
    'Jobs of a lane wait for more than five minutes.'
),
(
    'no_worker', 'lane_without_worker', '>', 0, '15 min', '2 min', 'critical', '{operators}', '1 h', '{}', 50, true,
    'Jobs wait in a lane on which nobody works.'
),
(
    'partition_trouble', 'partitions', '>', 0, '15 min', '0', 'warning', '{operators}', '1 day', '{}', 50, true,
    'A table has no partition for the month to come, or rows outside its partitions.'
),
(
    'disk_trouble', 'database_size', '>', 100, '15 min', '0', 'warning', '{operators}', '1 day', '{}', 50, true,
    'The database has outgrown the disk space that it is meant to have.'
),
(
    'audit_broken', 'audit_broken', '>', 0, '15 min', '0', 'critical', '{operators}', '1 h', '{}', 50, true,
    'The audit log is not what was written, or its guards are off.'
),
(
    'channel_failing', 'channel_failing', '>', 10, '15 min', '0', 'warning', '{operators,tenant}', '1 day', '{}', 80, true,
    'Notices do not get through a channel.'
);

create table aias_private.alerts (
    tenant_id uuid default '00000000-0000-0000-0000-000000000000' not null,
    id uuid default aias_private.uuid7() not null,
    -- whose rule: the operators' (nil) or the tenant's own
    rule_tenant_id uuid default '00000000-0000-0000-0000-000000000000' not null,
    rule text not null,
    key text default '' not null,
    severity text not null,
    status text default 'open' not null,
    title text not null,
    details jsonb default '{}' not null,
    value double precision,
    occurrence_count bigint default 1 not null,
    opened_at timestamptz default aias_private.now() not null,
    last_seen_at timestamptz default aias_private.now() not null,
    acknowledged_at timestamptz,
    acknowledged_by text,
    acknowledged_note text,
    resolved_at timestamptz,
    resolved_by text,
    constraint alerts_pkey primary key (tenant_id, id),
    constraint severity_is_known check (severity in ('info', 'warning', 'critical')),
    constraint status_is_known check (status in ('open', 'acknowledged', 'resolved')),
    constraint resolved_at_set_when_resolved check ((resolved_at is not null) = (status = 'resolved')),
    constraint acknowledged_is_whole check (
        (acknowledged_at is null) = (acknowledged_by is null) and (status <> 'acknowledged' or acknowledged_at is not null)
    ),
    constraint details_are_an_object check (jsonb_typeof(details) = 'object'),
    constraint key_is_short check (length(key) <= 300),
    constraint title_is_short check (length(title) between 1 and 500)
);
-- an alert is opened once
create unique index alerts_open_key on aias_private.alerts (tenant_id, rule_tenant_id, rule, key)
where status <> 'resolved';
create index alerts_open_idx on aias_private.alerts (rule_tenant_id, rule) where status <> 'resolved';
create index alerts_id_idx on aias_private.alerts (id);
create index alerts_resolved_at_idx on aias_private.alerts (resolved_at) where status = 'resolved';
comment on table aias_private.alerts is 'What is wrong, and was. The nil tenant stands for none.';

-- What a rule that waits has seen so far.
create table aias_private.alert_breaches (
    tenant_id uuid not null,
    rule_tenant_id uuid not null,
    rule text not null,
    key text not null,
    since timestamptz not null,
    constraint alert_breaches_pkey primary key (tenant_id, rule_tenant_id, rule, key),
    constraint alert_breaches_rule_fkey foreign key (rule_tenant_id, rule)
    references aias_private.alert_rules (tenant_id, name) on delete cascade
);
create index alert_breaches_rule_idx on aias_private.alert_breaches (rule_tenant_id, rule);
comment on table aias_private.alert_breaches is
'What is beyond the threshold of a rule that waits, and since when.';

-- Who was told of an alert: the operators and the tenant have each their own pace.
create table aias_private.alert_tellings (
    tenant_id uuid not null,
    alert_id uuid not null,
    audience text not null,
    told_at timestamptz not null,
    told_count integer default 1 not null,
    is_resolution_told boolean default false not null,
    constraint alert_tellings_pkey primary key (tenant_id, alert_id, audience),
    constraint alert_tellings_alert_fkey foreign key (tenant_id, alert_id)
    references aias_private.alerts (tenant_id, id) on delete cascade,
    constraint audience_is_known check (audience in ('operators', 'tenant'))
);
create index alert_tellings_open_idx on aias_private.alert_tellings (tenant_id, alert_id) where not is_resolution_told;
comment on table aias_private.alert_tellings is 'Who was told of which alert, how often, and when last.';

-- When somebody was last told of a rule: what sets the pace of its notices.
create table aias_private.alert_paces (
    -- who is told: a tenant, or the operators (nil)
    tenant_id uuid not null,
    rule_tenant_id uuid not null,
    rule text not null,
    told_at timestamptz not null,
    constraint alert_paces_pkey primary key (tenant_id, rule_tenant_id, rule)
);
comment on table aias_private.alert_paces is 'When tenants and operators were last told of which rule.';
alter table aias_private.alert_paces enable row level security;
alter table aias_private.alert_paces force row level security;
create policy tenant_isolation on aias_private.alert_paces
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

create table aias_private.alert_silences (
    tenant_id uuid default '00000000-0000-0000-0000-000000000000' not null,
    id uuid default aias_private.uuid7() not null,
    -- null: every rule, every key
    rule text,
    key text,
    until timestamptz not null,
    reason text not null,
    created_by text not null,
    created_at timestamptz default aias_private.now() not null,
    ended_at timestamptz,
    ended_by text,
    constraint alert_silences_pkey primary key (tenant_id, id),
    constraint reason_is_given check (length(reason) between 1 and 1000),
    constraint ended_by_set_when_ended check ((ended_at is null) = (ended_by is null))
);
create index alert_silences_id_idx on aias_private.alert_silences (id);
comment on table aias_private.alert_silences is
'What people do not want to be told of for a while. The nil tenant''s are the operators''.';

alter table aias_private.alert_rules enable row level security;
alter table aias_private.alert_rules force row level security;
create policy tenant_isolation on aias_private.alert_rules
using (
    (select aias_private.caller_sees_all())
    or tenant_id in ((select aias_private.caller_tenant()), '00000000-0000-0000-0000-000000000000')
);
alter table aias_private.alerts enable row level security;
alter table aias_private.alerts force row level security;
create policy tenant_isolation on aias_private.alerts
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.alert_breaches enable row level security;
alter table aias_private.alert_breaches force row level security;
create policy tenant_isolation on aias_private.alert_breaches
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.alert_tellings enable row level security;
alter table aias_private.alert_tellings force row level security;
create policy tenant_isolation on aias_private.alert_tellings
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.alert_silences enable row level security;
alter table aias_private.alert_silences force row level security;
create policy tenant_isolation on aias_private.alert_silences
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
