-- The ledger: executions, the checkpoints of their steps, what happened to them, their signals and idempotency keys.
--
-- executions, steps and execution_events are partitioned by month through the execution's id, so that retention
-- drops the three partitions of a month together. Between them stand no foreign keys: a key into a partitioned table would
-- make that drop scan its children, and only the functions of sql/workflows write here; `aias db check` counts strays.
create table aias_private.executions (
    tenant_id uuid not null,
    id uuid default aias_private.uuid7() not null,
    workflow_id uuid not null,
    version integer not null,
    status text default 'queued' not null,
    input jsonb not null,
    output jsonb,
    error jsonb,
    lane text not null,
    -- the fencing token: grows with every claim; a write that carries an older one is refused
    attempt integer default 0 not null,
    crash_count integer default 0 not null,
    job_id bigint,
    worker_id bigint,
    is_wake_requested boolean default false not null,
    run_at timestamptz,
    wait_reason text,
    wait_until timestamptz,
    idempotency_key text,
    parent_execution_id uuid,
    parent_step_id text,
    parent_item integer,
    depth integer default 0 not null,
    replayed_from_id uuid,
    trace_parent text,
    cancel_reason text,
    created_at timestamptz default aias_private.now() not null,
    started_at timestamptz,
    claimed_at timestamptz,
    finished_at timestamptz,
    constraint executions_pkey primary key (tenant_id, id),
    constraint executions_version_fkey foreign key (tenant_id, workflow_id, version)
    references aias_private.workflow_versions (tenant_id, workflow_id, version) on delete cascade,
    constraint executions_lane_fkey foreign key (lane) references aias_private.lanes (name),
    constraint status_is_known check (
        status in ('queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled')
    ),
    constraint finished_at_set_when_final check (
        (finished_at is not null) = (status in ('succeeded', 'failed', 'cancelled'))
    ),
    constraint job_unset_when_final check (
        job_id is null or status in ('queued', 'running', 'waiting')
    ),
    constraint wait_reason_set_when_waiting check ((wait_reason is not null) = (status = 'waiting')),
    constraint error_set_when_failed check (status <> 'failed' or error is not null),
    constraint input_is_an_object check (jsonb_typeof(input) = 'object'),
    constraint parent_is_whole check (
        (parent_execution_id is null) = (parent_step_id is null)
        and (parent_execution_id is null) = (parent_item is null)
    )
) partition by range (id);
create table aias_private.executions_default partition of aias_private.executions default;
-- callers name an execution by its id alone
create index executions_id_idx on aias_private.executions (id);
create index executions_version_idx on aias_private.executions (tenant_id, workflow_id, version);
create index executions_lane_idx on aias_private.executions (lane);
create index executions_started_at_idx on aias_private.executions (started_at);
create index executions_live_idx on aias_private.executions (tenant_id, status, id)
where status in ('queued', 'running', 'waiting');
create index executions_parent_idx on aias_private.executions (tenant_id, parent_execution_id)
where parent_execution_id is not null;
comment on table aias_private.executions is 'One run of one version of a workflow each.';

create table aias_private.steps (
    tenant_id uuid not null,
    execution_id uuid not null,
    id text not null,
    -- the item of a fan-out, counted from 0; -1 is the step itself
    item integer default -1 not null,
    action text not null,
    effect text default 'idempotent' not null,
    status text not null,
    attempt_count integer default 0 not null,
    execution_attempt integer not null,
    output jsonb,
    error jsonb,
    wait_kind text,
    wait_until timestamptz,
    wait_detail jsonb,
    child_execution_id uuid,
    started_at timestamptz,
    finished_at timestamptz,
    constraint steps_pkey primary key (tenant_id, execution_id, id, item),
    constraint status_is_known check (
        status in ('running', 'waiting', 'succeeded', 'failed', 'skipped', 'cancelled', 'in_doubt')
    ),
    constraint effect_is_known check (effect in ('none', 'idempotent', 'at_most_once')),
    constraint wait_kind_set_when_waiting check ((wait_kind is not null) = (status = 'waiting')),
    constraint wait_kind_is_known check (wait_kind in ('retry', 'sleep', 'event', 'approval', 'execution')),
    constraint finished_at_set_when_done check (
        (finished_at is not null) = (status in ('succeeded', 'failed', 'skipped', 'cancelled', 'in_doubt'))
    ),
    constraint error_set_when_failed check (status <> 'failed' or error is not null)
) partition by range (execution_id);
create table aias_private.steps_default partition of aias_private.steps default;
comment on table aias_private.steps is 'The checkpoints: one row per step (item -1) and per item of a fan-out; no row means not started.';

create table aias_private.execution_events (
    tenant_id uuid not null,
    execution_id uuid not null,
    id uuid default aias_private.uuid7() not null,
    at timestamptz default aias_private.now() not null,
    type text not null,
    step_id text,
    item integer,
    attempt integer,
    detail jsonb default '{}' not null,
    constraint execution_events_pkey primary key (tenant_id, execution_id, id),
    constraint type_is_known check (
        type in (
            'rescued', 'released', 'suspended', 'woken', 'step_retry_scheduled', 'step_failed', 'step_in_doubt', 'cancelled',
            'retried', 'replayed', 'failed', 'signalled', 'approved', 'rejected', 'fallback_started', 'repaired'
        )
    )
) partition by range (execution_id);
create table aias_private.execution_events_default partition of aias_private.execution_events default;
comment on table aias_private.execution_events is
'What happened to an execution beside its plain course: failures, waits, rescues, interventions.';

create table aias_private.signals (
    tenant_id uuid not null,
    execution_id uuid not null,
    id uuid default aias_private.uuid7() not null,
    name text not null,
    payload jsonb not null,
    created_at timestamptz default aias_private.now() not null,
    consumed_at timestamptz,
    constraint signals_pkey primary key (tenant_id, execution_id, id),
    constraint name_is_not_empty check (length(name) between 1 and 200)
);
comment on table aias_private.signals is 'Signals sent to an execution; one that comes before its step waits for it is kept.';

create table aias_private.idempotency_keys (
    tenant_id uuid not null,
    scope text not null,
    key text not null,
    target text not null,
    request_hash bytea not null,
    created_at timestamptz default aias_private.now() not null,
    constraint idempotency_keys_pkey primary key (tenant_id, scope, key),
    constraint idempotency_keys_tenant_id_fkey foreign key (tenant_id)
    references aias_private.tenants (id) on delete cascade,
    constraint key_is_short check (length(key) between 1 and 255)
);
comment on table aias_private.idempotency_keys is 'Which call a key stands for: the same key answers with the same target.';

alter table aias_private.executions enable row level security;
alter table aias_private.executions force row level security;
create policy tenant_isolation on aias_private.executions
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.steps enable row level security;
alter table aias_private.steps force row level security;
create policy tenant_isolation on aias_private.steps
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.execution_events enable row level security;
alter table aias_private.execution_events force row level security;
create policy tenant_isolation on aias_private.execution_events
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.signals enable row level security;
alter table aias_private.signals force row level security;
create policy tenant_isolation on aias_private.signals
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.idempotency_keys enable row level security;
alter table aias_private.idempotency_keys force row level security;
create policy tenant_isolation on aias_private.idempotency_keys
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
