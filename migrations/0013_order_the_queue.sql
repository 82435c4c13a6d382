-- The order of the queue: turns between tenants, weights of lanes, jobs that must not run now.
--
-- Within a queue and a priority jobs are ordered by virtual time (start-time fair queueing: Goyal, Vin and Cheng, SIGCOMM
-- 1996): a job is stamped with one turn after its tenant's last waiting job, and no earlier than the clock of its
-- class, which follows what is claimed. So a tenant with one job stands behind one turn of each other tenant,
-- however many jobs those have.
--
-- The table holds waiting jobs, not history, so it is indexed while it is locked; the functions that are dropped change
-- their arguments, and only functions of the same release call them.
-- squawk-ignore-file constraint-missing-not-valid, require-concurrent-index-creation, adding-field-with-default, ban-drop-function

alter table public.procrastinate_jobs
add column virtual_time double precision default 0 not null,
add column parked_for text collate "C",
add column due_at timestamptz,
add column workflow_id uuid,
add column limit_key text;

comment on column public.procrastinate_jobs.virtual_time is
'AIAS: the job''s place among the waiting ones of its queue and priority; lower goes first.';
comment on column public.procrastinate_jobs.parked_for is
'AIAS: what keeps the job from running (pause:..., limit:..., rate:...); null when nothing does.';
comment on column public.procrastinate_jobs.due_at is
'AIAS: when a job that was scheduled for a time fell due.';
comment on column public.procrastinate_jobs.workflow_id is
'AIAS: the workflow whose execution the job advances; null for other jobs.';
comment on column public.procrastinate_jobs.limit_key is 'AIAS: the key of a limit that the job falls under.';
alter table public.procrastinate_jobs
add constraint limit_key_has_1_to_255_bytes check (octet_length(limit_key) between 1 and 255);

-- The clocks of the classes (queue and priority), and so the list of those that have been used.
create table aias_private.queue_clocks (
    queue_name text not null,
    priority integer not null,
    virtual_time double precision default 0 not null,
    constraint queue_clocks_pkey primary key (queue_name, priority)
)
-- one row per class is updated with each claim: room for that on the page, and a vacuum after few dead rows
with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);
comment on table aias_private.queue_clocks is
'How far each queue and priority has come in virtual time; new jobs are stamped no earlier.';
insert into aias_private.queue_clocks (queue_name, priority)
select
    l.queue_name,
    l.base_priority
from aias_private.lanes as l;

-- What is ready, in the order in which it is claimed: nothing else is in it, so a claim reads what it takes.
create index aias_jobs_ready_idx on public.procrastinate_jobs (queue_name, priority, virtual_time, id)
where status = 'todo' and scheduled_at is null and parked_for is null;

-- The last turn of a tenant's ready jobs.
create index aias_jobs_turn_idx on public.procrastinate_jobs (
    queue_name, priority, (coalesce(tenant_id, '00000000-0000-0000-0000-000000000000')), virtual_time
)
where status = 'todo' and scheduled_at is null and parked_for is null;

-- What is parked, by what keeps it, in the order in which it is let go again.
create index aias_jobs_parked_idx on public.procrastinate_jobs (parked_for, priority desc, virtual_time, id)
where status = 'todo' and parked_for is not null;

-- How many run: of a tenant and its workflows, and under a key. The limits are counted here, so that what a crash
-- leaves behind counts until the sweep has put it back and no longer.
create index aias_jobs_running_idx on public.procrastinate_jobs (tenant_id, workflow_id)
where status = 'doing' and tenant_id is not null;
create index aias_jobs_running_key_idx on public.procrastinate_jobs (limit_key)
where status = 'doing' and limit_key is not null;

-- What is paused.
create table aias_private.pauses (
    -- the nil UUID where the scope is not a tenant's
    tenant_id uuid default '00000000-0000-0000-0000-000000000000' not null,
    scope text not null,
    name text not null,
    -- what jobs parked for it carry, after 'pause:'
    key text not null,
    workflow_id uuid,
    reason text,
    paused_by text not null,
    paused_at timestamptz default aias_private.now() not null,
    constraint pauses_pkey primary key (tenant_id, scope, name),
    constraint scope_is_known check (scope in ('lane', 'workflow', 'tenant', 'task')),
    constraint workflow_set_for_a_workflow check ((workflow_id is not null) = (scope = 'workflow'))
);
comment on table aias_private.pauses is 'Lanes, workflows, tenants and tasks whose jobs are not started.';
create unique index pauses_key_idx on aias_private.pauses (key);

-- How many jobs may run at once and how many may start in a time.
create table aias_private.limits (
    -- the nil UUID for a key of all tenants
    tenant_id uuid default '00000000-0000-0000-0000-000000000000' not null,
    scope text not null,
    name text not null,
    -- what jobs parked for it carry, after 'limit:' or 'rate:'
    key text not null,
    workflow_id uuid,
    max_running integer,
    rate_count integer,
    rate_per interval,
    rate_burst integer,
    set_by text not null,
    set_at timestamptz default aias_private.now() not null,
    constraint limits_pkey primary key (tenant_id, scope, name),
    constraint scope_is_known check (scope in ('workflow', 'tenant', 'key')),
    constraint workflow_set_for_a_workflow check ((workflow_id is not null) = (scope = 'workflow')),
    constraint max_running_is_not_negative check (max_running >= 0),
    constraint rate_is_whole check (
        (rate_count is null) = (rate_per is null) and (rate_count is null) = (rate_burst is null)
    ),
    constraint rate_is_positive check (rate_count > 0 and rate_per > interval '0' and rate_burst > 0),
    constraint something_is_limited check (max_running is not null or rate_count is not null)
);
comment on table aias_private.limits is
'How many jobs of a tenant, a workflow or a key may run at once, and how many may start in a time.';
create unique index limits_key_idx on aias_private.limits (key);

-- The generic cell rate algorithm's one number per key (ITU-T I.371), beside the limits because every claim writes it.
create table aias_private.rate_states (
    key text not null,
    theoretical_arrival_at timestamptz not null,
    -- up to when starts are promised to jobs that came too early
    promised_until timestamptz,
    constraint rate_states_pkey primary key (key)
)
with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);
comment on table aias_private.rate_states is 'How far the starts under each rate have come.';

-- Whoever asks why a job waits may see what holds for all tenants.
alter table aias_private.pauses enable row level security;
alter table aias_private.pauses force row level security;
create policy tenant_isolation on aias_private.pauses
using (
    (select aias_private.caller_sees_all())
    or tenant_id in ((select aias_private.caller_tenant()), '00000000-0000-0000-0000-000000000000')
);
alter table aias_private.limits enable row level security;
alter table aias_private.limits force row level security;
create policy tenant_isolation on aias_private.limits
using (
    (select aias_private.caller_sees_all())
    or tenant_id in ((select aias_private.caller_tenant()), '00000000-0000-0000-0000-000000000000')
);

drop function if exists aias_private.insert_execution_job(uuid, uuid, text, timestamptz);
drop function if exists aias_private.insert_job(text, jsonb, text, integer, timestamptz, text);
drop function if exists aias_private.claim_jobs(text[], bigint, integer);

-- The engine's events are a history of jobs; ours is the executions. Our enqueues, our claims and our ends of jobs that succeed
-- and are deleted leave none; whatever the engine's own workers do is noted as before.
drop trigger procrastinate_trigger_status_events_update_v1 on public.procrastinate_jobs;
create trigger procrastinate_trigger_status_events_update_v1
after update of status on public.procrastinate_jobs
for each row
when (coalesce(current_setting('aias.engine_events', true), '') <> 'off')
execute procedure public.procrastinate_trigger_function_status_events_update_v1();
drop trigger procrastinate_trigger_status_events_insert_v1 on public.procrastinate_jobs;
create trigger procrastinate_trigger_status_events_insert_v1
after insert on public.procrastinate_jobs
for each row
when (new.status = 'todo' and coalesce(current_setting('aias.engine_events', true), '') <> 'off')
execute procedure public.procrastinate_trigger_function_status_events_insert_v1();

-- Every job is a row written and deleted and every step one updated, so dead rows come at the rate of the work, not in
-- proportion to what stands in the table (the default waits for a fifth of it, hours' worth after a backlog). A vacuum after
-- some thousand dead rows, without pauses in it, keeps the ends of the indexes short.
alter table public.procrastinate_jobs set (
    autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_insert_scale_factor = 0.2,
    autovacuum_analyze_scale_factor = 0.05,
    autovacuum_vacuum_cost_delay = 0
);
-- Partitions to come take the settings of the default one.
do $$
declare
    v_partition regclass;
begin
    for v_partition in
        select i.inhrelid::regclass
        from pg_catalog.pg_inherits as i
        where i.inhparent in ('aias_private.executions'::regclass, 'aias_private.steps'::regclass)
    loop
        execute format(
            'alter table %s set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000,'
            ' autovacuum_vacuum_cost_delay = 0)',
            v_partition
        );
    end loop;
end;
$$;
