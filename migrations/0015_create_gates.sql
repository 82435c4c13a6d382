-- Steps that are put off: by a closed gate, by a limit that is used up.
--
-- The checks are replaced while their tables are locked: a release of the engine knows all kinds of wait or none.
-- squawk-ignore-file constraint-missing-not-valid, adding-field-with-default, ban-drop-constraint
alter table aias_private.steps
add column deferral_count integer default 0 not null,
drop constraint wait_kind_is_known,
add constraint wait_kind_is_known check (
    wait_kind in ('retry', 'sleep', 'event', 'approval', 'execution', 'gate', 'limit')
),
add constraint deferral_count_is_not_negative check (deferral_count >= 0);

-- Gates: what stands before the calls of an upstream. Open unless a row says that it is closed; a row stays when it
-- opens, because how long it is closed the next time depends on it.
create table aias_private.gates (
    -- the nil UUID for the gate of a kind, which stands before the connections of all tenants
    tenant_id uuid default '00000000-0000-0000-0000-000000000000' not null,
    kind text not null,
    -- empty for the gate of a kind
    connection text default '' not null,
    -- how people and steps name it: `shopify`, `shopify:acme/main`
    name text not null,
    status text default 'open' not null,
    source text,
    reason text,
    closed_by text,
    closed_at timestamptz,
    -- null: until somebody opens it
    closed_until timestamptz,
    -- closings since it was last open for long: each is longer than the one before
    close_count integer default 0 not null,
    -- the one call that is let through when the time is up, and until when its answer is waited for
    probe uuid,
    probe_until timestamptz,
    -- until when the first of those who wait is given to come and be that call
    returner_until timestamptz,
    opened_at timestamptz,
    constraint gates_pkey primary key (tenant_id, kind, connection),
    constraint kind_is_a_word check (kind ~ '^[a-z][a-z0-9_]{0,62}$'),
    constraint status_is_known check (status in ('open', 'closed')),
    constraint source_is_known check (source in ('operator', 'upstream', 'breaker')),
    constraint closed_is_whole check (
        status = 'open' or (source is not null and reason is not null and closed_by is not null and closed_at is not null)
    ),
    constraint probe_is_whole check ((probe is null) = (probe_until is null)),
    constraint a_kind_belongs_to_nobody check (
        (connection = '') = (tenant_id = '00000000-0000-0000-0000-000000000000')
    ),
    constraint close_count_is_not_negative check (close_count >= 0)
);
comment on table aias_private.gates is 'Gates that are closed, or were: what stands before the calls of an upstream.';
create index gates_name_idx on aias_private.gates (name);
create index gates_opened_at_idx on aias_private.gates (opened_at) where status = 'open';

alter table aias_private.gates enable row level security;
alter table aias_private.gates force row level security;
create policy tenant_isolation on aias_private.gates
using (
    (select aias_private.caller_sees_all())
    or tenant_id in ((select aias_private.caller_tenant()), '00000000-0000-0000-0000-000000000000')
);

-- Who is to be woken when a gate opens, or when a place under a limit of calls at once is free.
create table aias_private.gate_waiters (
    tenant_id uuid not null,
    execution_id uuid not null,
    gate text not null,
    kind text not null,
    created_at timestamptz default aias_private.now() not null,
    -- when its execution goes on by itself; a while after that the row is stale
    until timestamptz not null,
    constraint gate_waiters_pkey primary key (tenant_id, execution_id, gate),
    constraint kind_is_known check (kind in ('gate', 'place'))
);
comment on table aias_private.gate_waiters is 'Executions that are woken when a gate opens or a place is free.';
create index gate_waiters_gate_idx on aias_private.gate_waiters (gate, kind, created_at);
create index gate_waiters_until_idx on aias_private.gate_waiters (until);

alter table aias_private.gate_waiters enable row level security;
alter table aias_private.gate_waiters force row level security;
create policy tenant_isolation on aias_private.gate_waiters
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

-- What holds for the connections of a kind, unless they have a limit of their own; the row `any` is for all others.
create table aias_private.upstream_rules (
    kind text not null,
    -- the breaker: so many percent of at least so many calls within the window
    error_percent integer default 50 not null,
    min_calls integer default 20 not null,
    open_for interval default interval '30 seconds' not null,
    longest_open interval default interval '10 minutes' not null,
    -- the limit, for addresses that match (a regular expression): a server of one's own has none
    hosts text,
    max_running integer,
    rate_count integer,
    rate_per interval,
    rate_burst integer,
    constraint upstream_rules_pkey primary key (kind),
    constraint error_percent_is_a_percentage check (error_percent between 1 and 100),
    constraint min_calls_is_positive check (min_calls > 0),
    constraint open_for_is_positive check (open_for > interval '0' and longest_open >= open_for),
    constraint max_running_is_positive check (max_running > 0),
    constraint rate_is_whole check (
        (rate_count is null) = (rate_per is null) and (rate_count is null) = (rate_burst is null)
    ),
    constraint rate_is_positive check (rate_count > 0 and rate_per > interval '0' and rate_burst > 0)
);
comment on table aias_private.upstream_rules is
'When the breakers of a kind of connection open and for how long, and the limit that it has of its own.';
insert into aias_private.upstream_rules (kind) values ('any');
-- Wave publishes no limit; those who use it tell of 60 calls a minute. 10 at once and 50 a minute are 60 in any minute.
insert into aias_private.upstream_rules (kind, hosts, max_running, rate_count, rate_per, rate_burst)
values ('wave', '^https://([a-z0-9-]+\.)*waveapps\.com(/|$)', 1, 50, interval '1 minute', 10);

-- The calls of the last minute, in parts of ten seconds: what a breaker decides by.
create table aias_private.breaker_windows (
    tenant_id uuid not null,
    integration_id uuid not null,
    started_at timestamptz not null,
    call_count integer not null,
    failure_count integer not null,
    constraint breaker_windows_pkey primary key (tenant_id, integration_id, started_at),
    constraint breaker_windows_integration_fkey foreign key (tenant_id, integration_id)
    references aias_private.integrations (tenant_id, id) on delete cascade,
    constraint failures_are_calls check (failure_count between 0 and call_count)
);
comment on table aias_private.breaker_windows is 'How many calls of a connection were made and failed, per ten seconds.';

alter table aias_private.breaker_windows enable row level security;
alter table aias_private.breaker_windows force row level security;
create policy tenant_isolation on aias_private.breaker_windows
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

-- A breaker opens twenty times in an hour at most (its pauses double), so this grows by no more than that.
create table aias_private.breaker_transitions (
    tenant_id uuid not null,
    id uuid default aias_private.uuid7() not null,
    integration_id uuid not null,
    at timestamptz default aias_private.now() not null,
    state text not null,
    call_count integer,
    failure_count integer,
    until timestamptz,
    constraint breaker_transitions_pkey primary key (tenant_id, id),
    constraint breaker_transitions_integration_fkey foreign key (tenant_id, integration_id)
    references aias_private.integrations (tenant_id, id) on delete cascade,
    constraint state_is_known check (state in ('open', 'closed'))
);
comment on table aias_private.breaker_transitions is 'When the breaker of a connection opened and closed.';
create index breaker_transitions_integration_idx on aias_private.breaker_transitions (tenant_id, integration_id, at);

alter table aias_private.breaker_transitions enable row level security;
alter table aias_private.breaker_transitions force row level security;
create policy tenant_isolation on aias_private.breaker_transitions
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

-- The bucket of points that an upstream tells with its answers (Shopify's throttleStatus). How full it is stands in
-- rate_states, under points:<integration>.
create table aias_private.learned_limits (
    tenant_id uuid not null,
    integration_id uuid not null,
    points_per_second double precision not null,
    burst double precision not null,
    learned_at timestamptz default aias_private.now() not null,
    constraint learned_limits_pkey primary key (tenant_id, integration_id),
    constraint learned_limits_integration_fkey foreign key (tenant_id, integration_id)
    references aias_private.integrations (tenant_id, id) on delete cascade,
    constraint limit_is_positive check (points_per_second > 0 and burst > 0)
);
comment on table aias_private.learned_limits is 'What an upstream says of its own limit.';

alter table aias_private.learned_limits enable row level security;
alter table aias_private.learned_limits force row level security;
create policy tenant_isolation on aias_private.learned_limits
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

-- The calls under way of a connection that may have only so many at once. A caller that dies gives its place back when
-- its lease ends.
create table aias_private.upstream_places (
    tenant_id uuid not null,
    integration_id uuid not null,
    holder uuid not null,
    held_until timestamptz not null,
    constraint upstream_places_pkey primary key (tenant_id, integration_id, holder),
    constraint upstream_places_integration_fkey foreign key (tenant_id, integration_id)
    references aias_private.integrations (tenant_id, id) on delete cascade
);
comment on table aias_private.upstream_places is 'The calls under way of connections that may have only so many at once.';

alter table aias_private.upstream_places enable row level security;
alter table aias_private.upstream_places force row level security;
create policy tenant_isolation on aias_private.upstream_places
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

-- Calls counted per minute. The id is made of the minute and of what is counted, so that a count finds its row, and the
-- table is partitioned by month like all that grow.
create table aias_private.upstream_calls (
    tenant_id uuid not null,
    id uuid not null,
    integration_id uuid not null,
    kind text not null,
    connection text not null,
    operation text not null,
    status_class text not null,
    call_count bigint not null,
    failure_count bigint not null,
    total_ms double precision not null,
    max_ms double precision not null,
    constraint upstream_calls_pkey primary key (tenant_id, id),
    constraint status_class_is_known check (
        status_class in ('2xx', '3xx', '4xx', '5xx', 'throttled', 'unreadable', 'no_answer')
    )
) partition by range (id);
create table aias_private.upstream_calls_default partition of aias_private.upstream_calls default;
comment on table aias_private.upstream_calls is 'Calls of upstreams, counted and timed per minute.';

alter table aias_private.upstream_calls enable row level security;
alter table aias_private.upstream_calls force row level security;
create policy tenant_isolation on aias_private.upstream_calls
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

do $$
begin
    -- a new database gets its partitions when the function is made
    if to_regprocedure('aias_private.ensure_partitions(integer)') is not null then
        perform partition_name from aias_private.ensure_partitions(3);
    end if;
end;
$$;

-- A connection's limit stands beside those of jobs: calls at once, and calls in a time.
alter table aias_private.limits
drop constraint scope_is_known,
add constraint scope_is_known check (scope in ('workflow', 'tenant', 'key', 'connection'));
