-- Analytics: what the stored facts come to per day, and when each figure was last brought up to date.
--
-- Days and months are UTC. The daily tables are summed up behind a watermark (sql/analytics/roll_up_activity.sql): a run
-- reads what is new since the last one, not what is stored, and what it sums up outlives the rows that it came from.
-- squawk-ignore-file require-concurrent-index-creation
create table aias_private.refreshes (
    name text not null,
    kind text not null,
    cadence interval not null,
    -- for a rollup also its watermark: everything before is summed up for good
    settled_until timestamptz,
    as_of timestamptz,
    refreshed_at timestamptz,
    duration interval,
    row_count bigint,
    error text,
    constraint refreshes_pkey primary key (name),
    constraint name_is_a_word check (name ~ '^[a-z][a-z0-9_]{0,62}$'),
    constraint kind_is_known check (kind in ('rollup', 'materialized')),
    constraint cadence_is_positive check (cadence > interval '0'),
    constraint settled_until_set_for_a_rollup check ((settled_until is not null) = (kind = 'rollup'))
);
comment on table aias_private.refreshes is
'Every rollup and materialized view: how often it is refreshed, and how the last time went.';

-- Whose rows are summed up. A row of the last moments, which a transaction that is still running may add to, is open:
-- each run takes the open rows out and sums the same facts up again, until no transaction can change them any more.
create table aias_private.execution_days (
    tenant_id uuid not null,
    day date not null,
    workflow_id uuid not null,
    is_open boolean not null,
    started_count bigint default 0 not null,
    succeeded_count bigint default 0 not null,
    failed_count bigint default 0 not null,
    cancelled_count bigint default 0 not null,
    step_count bigint default 0 not null,
    run_time interval default '0' not null,
    constraint execution_days_pkey primary key (tenant_id, day, workflow_id, is_open),
    constraint execution_days_tenant_id_fkey foreign key (tenant_id)
    references aias_private.tenants (id) on delete cascade,
    constraint counts_are_not_negative check (
        least(started_count, succeeded_count, failed_count, cancelled_count, step_count) >= 0
    )
);
create index execution_days_open_idx on aias_private.execution_days (tenant_id) where is_open;
create index execution_days_day_idx on aias_private.execution_days (day);
comment on table aias_private.execution_days is 'Executions per tenant, day and workflow: begun, and ended by how they ended.';

create table aias_private.integration_days (
    tenant_id uuid not null,
    day date not null,
    kind text not null,
    connection text not null,
    is_open boolean not null,
    call_count bigint not null,
    failure_count bigint not null,
    total_ms double precision not null,
    max_ms double precision not null,
    constraint integration_days_pkey primary key (tenant_id, day, kind, connection, is_open),
    constraint integration_days_tenant_id_fkey foreign key (tenant_id)
    references aias_private.tenants (id) on delete cascade
);
create index integration_days_open_idx on aias_private.integration_days (tenant_id) where is_open;
create index integration_days_day_idx on aias_private.integration_days (day);
comment on table aias_private.integration_days is 'Calls of upstreams per tenant, day and connection.';

create table aias_private.user_days (
    tenant_id uuid not null,
    day date not null,
    actor text not null,
    constraint user_days_pkey primary key (tenant_id, day, actor),
    constraint user_days_tenant_id_fkey foreign key (tenant_id)
    references aias_private.tenants (id) on delete cascade
);
comment on table aias_private.user_days is 'Which people of a tenant did something on a day.';

create table aias_private.active_user_days (
    tenant_id uuid not null,
    day date not null,
    daily_count bigint not null,
    weekly_count bigint not null,
    monthly_count bigint not null,
    constraint active_user_days_pkey primary key (tenant_id, day),
    constraint active_user_days_tenant_id_fkey foreign key (tenant_id)
    references aias_private.tenants (id) on delete cascade,
    constraint windows_contain_each_other check (daily_count <= weekly_count and weekly_count <= monthly_count)
);
create index active_user_days_day_idx on aias_private.active_user_days (day);
comment on table aias_private.active_user_days is
'How many people of a tenant were active on a day, in the 7 and in the 30 days up to it.';

create table aias_private.tenant_milestones (
    tenant_id uuid not null,
    connected_at timestamptz,
    first_workflow_at timestamptz,
    first_success_at timestamptz,
    last_success_at timestamptz,
    constraint tenant_milestones_pkey primary key (tenant_id),
    constraint tenant_milestones_tenant_id_fkey foreign key (tenant_id)
    references aias_private.tenants (id) on delete cascade,
    constraint successes_are_in_order check (last_success_at >= first_success_at)
);
comment on table aias_private.tenant_milestones is 'When a tenant first did what makes it a customer that stays.';

create table aias_private.plan_changes (
    tenant_id uuid not null,
    audit_id uuid not null,
    at timestamptz not null,
    from_plan text not null,
    to_plan text not null,
    actor text not null,
    constraint plan_changes_pkey primary key (tenant_id, audit_id),
    constraint plan_changes_tenant_id_fkey foreign key (tenant_id)
    references aias_private.tenants (id) on delete cascade
);
comment on table aias_private.plan_changes is 'The moves of tenants between plans, from the audit log.';

alter table aias_private.execution_days enable row level security;
alter table aias_private.execution_days force row level security;
create policy tenant_isolation on aias_private.execution_days
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.integration_days enable row level security;
alter table aias_private.integration_days force row level security;
create policy tenant_isolation on aias_private.integration_days
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.user_days enable row level security;
alter table aias_private.user_days force row level security;
create policy tenant_isolation on aias_private.user_days
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.active_user_days enable row level security;
alter table aias_private.active_user_days force row level security;
create policy tenant_isolation on aias_private.active_user_days
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.tenant_milestones enable row level security;
alter table aias_private.tenant_milestones force row level security;
create policy tenant_isolation on aias_private.tenant_milestones
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.plan_changes enable row level security;
alter table aias_private.plan_changes force row level security;
create policy tenant_isolation on aias_private.plan_changes
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

-- The key starts with the tenant; a rollup asks for a time.
create index upstream_calls_id_idx on aias_private.upstream_calls (id);

-- A database that has run before is summed up from its first rows on, a day at a time.
insert into aias_private.refreshes (name, kind, cadence, settled_until)
select
    'activity' as name,
    'rollup' as kind,
    interval '1 minute' as cadence,
    date_trunc(
        'day',
        least(
            (
                select aias_private.uuid7_time(a.id) from aias_private.audit_log as a
                order by a.id limit 1
            ),
            (
                select aias_private.uuid7_time(e.id) from aias_private.executions as e
                order by e.id limit 1
            ),
            aias_private.now()
        ),
        'UTC'
    ) as settled_until;

insert into aias_private.tenant_milestones (tenant_id, connected_at, first_workflow_at)
select
    t.id as tenant_id,
    (
        select min(i.created_at) from aias_private.integrations as i
        where i.tenant_id = t.id
    ) as connected_at,
    (
        select min(w.created_at) from aias_private.workflows as w
        where w.tenant_id = t.id
    ) as first_workflow_at
from aias_private.tenants as t;
