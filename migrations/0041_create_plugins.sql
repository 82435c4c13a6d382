-- Plugins (what processes loaded, which tenant may use which, their schemas of analytics) and flags, by which a change of
-- behaviour reaches the tenants one after the other.

create table aias_private.plugins (
    name text not null,
    -- the machine, or the container, whose processes said so: two may have different ones installed
    reported_by text not null,
    version text,
    api_version text,
    state text not null,
    problem text,
    brings jsonb default '{}' not null,
    reported_at timestamptz default aias_private.now() not null,
    constraint plugins_pkey primary key (name, reported_by),
    constraint state_is_known check (state in ('loaded', 'left_out')),
    constraint problem_set_when_left_out check ((problem is not null) = (state = 'left_out')),
    constraint brings_is_an_object check (jsonb_typeof(brings) = 'object')
);
comment on table aias_private.plugins is 'The plugins that workers found installed, and what came of loading them.';

create table aias_private.plugin_defaults (
    plugin text not null,
    is_allowed boolean not null,
    reason text,
    set_by text not null,
    set_at timestamptz default aias_private.now() not null,
    constraint plugin_defaults_pkey primary key (plugin),
    constraint plugin_is_a_distribution check (plugin ~ '^[a-z0-9][a-z0-9-]{0,99}$'),
    constraint reason_is_short check (octet_length(reason) <= 1000)
);
comment on table aias_private.plugin_defaults is
'Whether tenants without a rule of their own may use a plugin; without a row they may.';

create table aias_private.plugin_rules (
    tenant_id uuid not null,
    plugin text not null,
    is_allowed boolean not null,
    reason text,
    set_by text not null,
    set_at timestamptz default aias_private.now() not null,
    constraint plugin_rules_pkey primary key (tenant_id, plugin),
    constraint plugin_rules_tenant_id_fkey foreign key (tenant_id)
    references aias_private.tenants (id) on delete cascade,
    constraint plugin_is_a_distribution check (plugin ~ '^[a-z0-9][a-z0-9-]{0,99}$'),
    constraint reason_is_short check (octet_length(reason) <= 1000)
);
comment on table aias_private.plugin_rules is 'Which tenant was given, or refused, which plugin.';

alter table aias_private.plugin_rules enable row level security;
alter table aias_private.plugin_rules force row level security;
create policy tenant_isolation on aias_private.plugin_rules
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

-- A plugin's analytics: its schema, and the files that made it, as aias_private.migrations has ours.
create table aias_private.plugin_schemas (
    schema text not null,
    plugin text not null,
    problem text,
    migrated_at timestamptz default aias_private.now() not null,
    constraint plugin_schemas_pkey primary key (schema),
    constraint schema_is_a_plugins check (schema ~ '^plugin_[a-z0-9_]{1,50}$')
);
comment on table aias_private.plugin_schemas is 'The schemas of plugins'' analytics, and why one could not be brought up to date.';

create table aias_private.plugin_files (
    schema text not null,
    kind text not null,
    name text not null,
    checksum text not null,
    applied_at timestamptz default aias_private.now() not null,
    constraint plugin_files_pkey primary key (schema, kind, name),
    constraint plugin_files_schema_fkey foreign key (schema)
    references aias_private.plugin_schemas (schema) on delete cascade,
    constraint kind_is_known check (kind in ('migration', 'view'))
);
comment on table aias_private.plugin_files is
'The files of SQL that made a plugin''s schema: migrations once each, views again when they change.';

create table aias_private.flags (
    name text not null,
    percentage numeric(5, 2) default 0 not null,
    description text default '' not null,
    set_by text not null,
    set_at timestamptz default aias_private.now() not null,
    constraint flags_pkey primary key (name),
    constraint name_is_a_word check (name ~ '^[a-z][a-z0-9_]{0,62}$'),
    constraint percentage_is_one check (percentage between 0 and 100),
    constraint description_is_short check (octet_length(description) <= 2000)
);
comment on table aias_private.flags is 'Changes of behaviour that are being rolled out, and for how many of the tenants.';

create table aias_private.flag_tenants (
    tenant_id uuid not null,
    flag text not null,
    is_on boolean not null,
    set_by text not null,
    set_at timestamptz default aias_private.now() not null,
    constraint flag_tenants_pkey primary key (tenant_id, flag),
    constraint flag_tenants_tenant_id_fkey foreign key (tenant_id)
    references aias_private.tenants (id) on delete cascade,
    constraint flag_tenants_flag_fkey foreign key (flag) references aias_private.flags (name) on delete cascade
);
create index flag_tenants_flag_idx on aias_private.flag_tenants (flag);
comment on table aias_private.flag_tenants is 'Tenants for whom a flag is on or off whatever its percentage.';

alter table aias_private.flag_tenants enable row level security;
alter table aias_private.flag_tenants force row level security;
create policy tenant_isolation on aias_private.flag_tenants
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

insert into aias_private.flags (name, percentage, description, set_by)
values (
    'equal_jitter', 0,
    'A step''s next attempt waits at least half of its delay (equal jitter) instead of any part of it (full jitter).',
    'aias'
);

insert into aias_private.health_checks (name, cadence, runs_in, is_vital, severity, told_by, description)
values (
    'plugins', 'hourly', 'sql', false, 'warning', null,
    'Every plugin that is installed where a worker runs is loaded, and its schema is up to date.'
);

insert into aias_private.retention_policies (table_name, action, cadence, note)
values
('flag_tenants', 'keep', 'daily', 'a few rows per flag; goes with the flag and with the tenant'),
('plugin_rules', 'keep', 'daily', 'a few rows per plugin; goes with the tenant');
