-- Telemetry: what applications say that their users did; the keys that find what was said before; rates; daily counts.
--
-- Events are partitioned by month through their ids, so that retention drops a month. The keys of the last 7 days lie on one
-- of two sides: a side is filled for 7 days, kept for 7 more and then emptied whole.
-- The plans are a handful of rows: looking at them again locks nobody out.
-- squawk-ignore-file constraint-missing-not-valid, require-concurrent-index-creation, prefer-bigint-over-smallint

alter table aias_private.plans
add column telemetry_events_per_minute integer default 1000 not null,
add constraint telemetry_events_per_minute_is_positive check (telemetry_events_per_minute > 0);
update aias_private.plans
set
    telemetry_events_per_minute = case name
        when 'enterprise' then 1000000 when 'pro' then 100000 when 'starter' then 10000 else 1000
    end;

create table aias_private.telemetry_events (
    tenant_id uuid not null,
    id uuid not null,
    event_id text not null,
    name text not null,
    user_id text,
    session_id text,
    occurred_at timestamptz not null,
    received_at timestamptz not null,
    properties jsonb not null,
    correlation_id text,
    trace_id text,
    constraint telemetry_events_pkey primary key (tenant_id, id),
    constraint event_id_is_short check (length(event_id) between 1 and 255),
    constraint name_is_short check (length(name) between 1 and 200),
    constraint user_id_is_short check (length(user_id) between 1 and 255),
    constraint session_id_is_short check (length(session_id) between 1 and 255),
    constraint properties_are_an_object check (jsonb_typeof(properties) = 'object'),
    constraint correlation_id_is_short check (length(correlation_id) between 1 and 255),
    constraint trace_id_has_32_digits check (length(trace_id) = 32)
) partition by range (id);
create table aias_private.telemetry_events_default partition of aias_private.telemetry_events default;
create index telemetry_events_received_at_idx on aias_private.telemetry_events using brin (received_at);
comment on table aias_private.telemetry_events is 'What applications say that their users did, once each.';

alter table aias_private.telemetry_events enable row level security;
alter table aias_private.telemetry_events force row level security;
create policy tenant_isolation on aias_private.telemetry_events
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

-- A key is made of tenant and event id and leads to the event, which decides: two events may share a key. It belongs to no
-- tenant's data, and is as small as it can be: the index of a week's keys is what every event is looked up in.
create table aias_private.telemetry_keys (
    key bigint not null,
    id uuid not null,
    side smallint not null
) partition by list (side);
create table aias_private.telemetry_keys_0 partition of aias_private.telemetry_keys for values in (0);
create table aias_private.telemetry_keys_1 partition of aias_private.telemetry_keys for values in (1);
create unique index telemetry_keys_0_key on aias_private.telemetry_keys_0 (key);
create unique index telemetry_keys_1_key on aias_private.telemetry_keys_1 (key);
comment on table aias_private.telemetry_keys is 'Which events have come in the last days: what finds duplicates.';

create table aias_private.telemetry_sides (
    is_only boolean default true not null,
    side smallint default 0 not null,
    opened_at timestamptz default aias_private.now() not null,
    has_other boolean default false not null,
    constraint telemetry_sides_pkey primary key (is_only),
    constraint there_is_one_row check (is_only),
    constraint side_is_0_or_1 check (side in (0, 1))
);
insert into aias_private.telemetry_sides default values;
comment on table aias_private.telemetry_sides is
'Which side of telemetry_keys is filled, since when, and whether the other one holds any.';

-- An event as it is handed from its reader to what stores it.
create type aias_private.telemetry_event as (
    call integer,
    place integer,
    tenant_id uuid,
    event_id text,
    name text,
    user_id text,
    session_id text,
    occurred_at timestamptz,
    properties jsonb,
    correlation_id text,
    trace_id text
);
comment on type aias_private.telemetry_event is
'An event that has been checked: of which call, at which place in it (from 0), and what it says.';

-- The generic cell rate algorithm's one number per tenant; unlogged: after a crash every rate starts afresh.
create unlogged table aias_private.telemetry_rates (
    tenant_id uuid not null,
    theoretical_arrival_at timestamptz not null,
    constraint telemetry_rates_pkey primary key (tenant_id)
)
with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);
comment on table aias_private.telemetry_rates is 'How far the events of each tenant have come under its plan''s rate.';

-- Whoever tracks in a transaction of its own length inserts what it took, so that nobody waits for it to end.
create unlogged table aias_private.telemetry_charges (
    tenant_id uuid not null,
    at timestamptz not null,
    event_count integer not null
);
create index telemetry_charges_tenant_id_idx on aias_private.telemetry_charges (tenant_id);
comment on table aias_private.telemetry_charges is 'Events that are not yet counted into telemetry_rates.';

alter table aias_private.telemetry_rates enable row level security;
alter table aias_private.telemetry_rates force row level security;
create policy tenant_isolation on aias_private.telemetry_rates
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.telemetry_charges enable row level security;
alter table aias_private.telemetry_charges force row level security;
create policy tenant_isolation on aias_private.telemetry_charges
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

-- Counts are inserted with the events, and summed up every minute: nobody waits for a counter, and no event is counted twice.
create table aias_private.telemetry_tallies (
    tenant_id uuid not null,
    day date not null,
    name text not null,
    event_count bigint not null,
    first_at timestamptz not null,
    last_at timestamptz not null
);
create index telemetry_tallies_tenant_id_idx on aias_private.telemetry_tallies (tenant_id, day);
comment on table aias_private.telemetry_tallies is 'Counts of events that are not yet summed up into telemetry_days.';

create table aias_private.telemetry_days (
    tenant_id uuid not null,
    day date not null,
    name text not null,
    event_count bigint not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    constraint telemetry_days_pkey primary key (tenant_id, day, name),
    constraint telemetry_days_tenant_id_fkey foreign key (tenant_id)
    references aias_private.tenants (id) on delete cascade
);
comment on table aias_private.telemetry_days is
'Counts of events per tenant, day and name; kept when the events themselves are dropped.';

create table aias_private.telemetry_outcomes (
    tenant_id uuid not null,
    day date not null,
    accepted_count bigint default 0 not null,
    duplicate_count bigint default 0 not null,
    rejected_count bigint default 0 not null,
    limited_count bigint default 0 not null,
    shed_count bigint default 0 not null
);
create index telemetry_outcomes_tenant_id_idx on aias_private.telemetry_outcomes (tenant_id, day);
comment on table aias_private.telemetry_outcomes is 'What came of events, not yet summed up into telemetry_outcome_days.';

create table aias_private.telemetry_outcome_days (
    tenant_id uuid not null,
    day date not null,
    accepted_count bigint not null,
    duplicate_count bigint not null,
    rejected_count bigint not null,
    limited_count bigint not null,
    shed_count bigint not null,
    constraint telemetry_outcome_days_pkey primary key (tenant_id, day),
    constraint telemetry_outcome_days_tenant_id_fkey foreign key (tenant_id)
    references aias_private.tenants (id) on delete cascade
);
comment on table aias_private.telemetry_outcome_days is 'What came of the events that were sent, per tenant and day.';

alter table aias_private.telemetry_tallies enable row level security;
alter table aias_private.telemetry_tallies force row level security;
create policy tenant_isolation on aias_private.telemetry_tallies
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.telemetry_days enable row level security;
alter table aias_private.telemetry_days force row level security;
create policy tenant_isolation on aias_private.telemetry_days
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.telemetry_outcomes enable row level security;
alter table aias_private.telemetry_outcomes force row level security;
create policy tenant_isolation on aias_private.telemetry_outcomes
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.telemetry_outcome_days enable row level security;
alter table aias_private.telemetry_outcome_days force row level security;
create policy tenant_isolation on aias_private.telemetry_outcome_days
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
