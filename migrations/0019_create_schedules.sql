-- Schedules, their ticks, and backfills.
--
-- A tick is one due time of one schedule. Its id is made of the due time, so that the primary key says "once", and the
-- table is partitioned by month like the other growing ones. Schedules of the system itself belong to the nil tenant.
-- squawk-ignore-file require-concurrent-index-creation
create table aias_private.schedules (
    tenant_id uuid not null,
    id uuid default aias_private.uuid7() not null,
    name text not null,
    kind text not null,
    workflow_id uuid,
    task text,
    cron text not null,
    time_zone text not null,
    input jsonb default '{}' not null,
    overlap text not null,
    catch_up text not null,
    catch_up_limit integer not null,
    jitter interval not null,
    max_attempts integer not null,
    retry_delay interval not null,
    starts_at timestamptz,
    ends_at timestamptz,
    is_paused boolean default false not null,
    pause_reason text,
    -- an administrator changed one of the system's own: a worker's start leaves it as it is
    is_customized boolean default false not null,
    -- due times up to here have been dealt with
    horizon_at timestamptz default aias_private.now() not null,
    -- null: to be planned; infinity: there is none
    next_at timestamptz,
    -- when the scheduler looks at it next: -infinity at once, infinity never
    wake_at timestamptz default '-infinity' not null,
    problem text,
    created_at timestamptz default aias_private.now() not null,
    updated_at timestamptz default aias_private.now() not null,
    constraint schedules_pkey primary key (tenant_id, id),
    constraint schedules_name_key unique (tenant_id, name),
    constraint schedules_workflow_fkey foreign key (tenant_id, workflow_id)
    references aias_private.workflows (tenant_id, id) on delete cascade,
    constraint name_is_a_word check (name ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    constraint kind_is_known check (kind in ('workflow', 'task')),
    constraint kind_says_what_runs check (
        (kind = 'workflow') = (workflow_id is not null) and (kind = 'task') = (task is not null)
    ),
    constraint tasks_are_the_systems check (
        (kind = 'task') = (tenant_id = '00000000-0000-0000-0000-000000000000')
    ),
    constraint cron_is_short check (length(cron) between 1 and 200),
    constraint input_is_an_object check (jsonb_typeof(input) = 'object'),
    constraint overlap_is_known check (overlap in ('skip', 'queue', 'allow')),
    constraint catch_up_is_known check (catch_up in ('none', 'last', 'all')),
    constraint catch_up_limit_is_bounded check (catch_up_limit between 1 and 1000),
    constraint jitter_is_bounded check (jitter between interval '0' and interval '1 day'),
    constraint max_attempts_is_bounded check (max_attempts between 1 and 20),
    constraint retry_delay_is_bounded check (retry_delay between interval '0' and interval '1 day'),
    constraint ends_after_it_starts check (ends_at > starts_at)
);
create index schedules_wake_idx on aias_private.schedules (wake_at);
create index schedules_horizon_idx on aias_private.schedules (horizon_at);
create index schedules_workflow_idx on aias_private.schedules (tenant_id, workflow_id);
comment on table aias_private.schedules is 'What starts executions and the system''s own tasks by the clock.';

create table aias_private.schedule_ticks (
    tenant_id uuid not null,
    schedule_id uuid not null,
    -- uuid7_floor(due_at): a schedule has one tick per due time
    id uuid not null,
    due_at timestamptz not null,
    status text not null,
    is_backfill boolean default false not null,
    execution_id uuid,
    job_id bigint,
    attempt_count integer default 0 not null,
    retry_at timestamptz,
    reason text,
    error jsonb,
    created_at timestamptz default aias_private.now() not null,
    started_at timestamptz,
    finished_at timestamptz,
    constraint schedule_ticks_pkey primary key (tenant_id, schedule_id, id),
    constraint schedule_ticks_schedule_fkey foreign key (tenant_id, schedule_id)
    references aias_private.schedules (tenant_id, id) on delete cascade,
    constraint id_is_the_due_time check (id = aias_private.uuid7_floor(due_at)),
    constraint status_is_known check (
        status in ('queued', 'started', 'retrying', 'succeeded', 'failed', 'cancelled', 'skipped')
    ),
    constraint retry_at_set_when_retrying check ((retry_at is not null) = (status = 'retrying')),
    constraint finished_at_set_when_final check (
        (finished_at is not null) = (status in ('succeeded', 'failed', 'cancelled', 'skipped'))
    )
) partition by range (id);
create table aias_private.schedule_ticks_default partition of aias_private.schedule_ticks default;
create index schedule_ticks_open_idx on aias_private.schedule_ticks (tenant_id, schedule_id, status)
where status in ('queued', 'started', 'retrying');
create index schedule_ticks_queued_idx on aias_private.schedule_ticks (id) where status = 'queued';
create index schedule_ticks_retry_idx on aias_private.schedule_ticks (retry_at) where status = 'retrying';
create index schedule_ticks_execution_idx on aias_private.schedule_ticks (tenant_id, execution_id)
where execution_id is not null;
comment on table aias_private.schedule_ticks is
'The due times of schedules that were dealt with, once each, and what came of them.';

create table aias_private.schedule_backfills (
    tenant_id uuid not null,
    schedule_id uuid not null,
    id uuid default aias_private.uuid7() not null,
    from_at timestamptz not null,
    to_at timestamptz not null,
    -- due times up to here have been dealt with
    done_to timestamptz not null,
    started_count integer default 0 not null,
    requested_by text not null,
    created_at timestamptz default aias_private.now() not null,
    finished_at timestamptz,
    constraint schedule_backfills_pkey primary key (tenant_id, schedule_id, id),
    constraint schedule_backfills_schedule_fkey foreign key (tenant_id, schedule_id)
    references aias_private.schedules (tenant_id, id) on delete cascade,
    constraint it_goes_forward check (from_at < to_at and done_to <= to_at)
);
create index schedule_backfills_open_idx on aias_private.schedule_backfills (id) where finished_at is null;
comment on table aias_private.schedule_backfills is 'Spans of time whose ticks are to run after the fact.';

alter table aias_private.schedules enable row level security;
alter table aias_private.schedules force row level security;
create policy tenant_isolation on aias_private.schedules
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.schedule_ticks enable row level security;
alter table aias_private.schedule_ticks force row level security;
create policy tenant_isolation on aias_private.schedule_ticks
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.schedule_backfills enable row level security;
alter table aias_private.schedule_backfills force row level security;
create policy tenant_isolation on aias_private.schedule_backfills
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

-- What started an execution, where it was a trigger: its kind and its id.
alter table aias_private.executions
add column origin text,
add column origin_id uuid;
alter table aias_private.executions
-- squawk-ignore constraint-missing-not-valid
add constraint origin_is_known check (origin in ('schedule', 'event', 'webhook')),
-- squawk-ignore constraint-missing-not-valid
add constraint origin_is_whole check ((origin is null) = (origin_id is null));
