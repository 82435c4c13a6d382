-- Usage: what a tenant has used of its plan in a month, and who may start nothing more until the next.
--
-- Months are UTC. Counted by the rollup of the daily figures (sql/analytics/meter_usage.sql), so within a minute: what starts
-- between two runs may go beyond a hard quota by as much.
-- squawk-ignore-file constraint-missing-not-valid, require-concurrent-index-creation, adding-foreign-key-constraint

alter table aias_private.plans
add column steps_per_month bigint,
add column upstream_calls_per_month bigint,
add column telemetry_events_per_month bigint,
add column is_quota_hard boolean default false not null;
alter table aias_private.plans
add constraint quotas_are_positive check (
    coalesce(steps_per_month, 1) > 0
    and coalesce(upstream_calls_per_month, 1) > 0
    and coalesce(telemetry_events_per_month, 1) > 0
);
update aias_private.plans as p
set
    steps_per_month = q.steps,
    upstream_calls_per_month = q.calls,
    telemetry_events_per_month = q.events,
    is_quota_hard = q.is_hard
from (
    values
    ('free', 5000, 5000, 10000, true),
    ('starter', 100000, 100000, 1000000, false),
    ('pro', 2000000, 2000000, 50000000, false)
) as q (name, steps, calls, events, is_hard)
where p.name = q.name;

create table aias_private.usage_months (
    tenant_id uuid not null,
    month date not null,
    measure text not null,
    used_count bigint not null,
    -- what the plan included when this was last counted
    quota bigint,
    constraint usage_months_pkey primary key (tenant_id, month, measure),
    constraint usage_months_tenant_id_fkey foreign key (tenant_id)
    references aias_private.tenants (id) on delete cascade,
    constraint month_is_its_first_day check (extract(day from month) = 1),
    constraint measure_is_known check (measure in ('executions', 'steps', 'upstream_calls', 'telemetry_events')),
    constraint used_count_is_not_negative check (used_count >= 0)
);
create index usage_months_month_idx on aias_private.usage_months (month, measure);
comment on table aias_private.usage_months is 'What each tenant has used in each month, by measure.';

-- Who sent telemetry of late.
create index telemetry_outcome_days_day_idx on aias_private.telemetry_outcome_days (day);

-- Nearly empty: what a start of an execution looks into.
create table aias_private.quota_stops (
    tenant_id uuid not null,
    measure text not null,
    month date not null,
    used_count bigint not null,
    constraint quota_stops_pkey primary key (tenant_id, measure),
    constraint quota_stops_tenant_id_fkey foreign key (tenant_id)
    references aias_private.tenants (id) on delete cascade
);
comment on table aias_private.quota_stops is 'Which tenants have used up a hard quota, as of the last count.';

alter table aias_private.usage_months enable row level security;
alter table aias_private.usage_months force row level security;
create policy tenant_isolation on aias_private.usage_months
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.quota_stops enable row level security;
alter table aias_private.quota_stops force row level security;
create policy tenant_isolation on aias_private.quota_stops
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
