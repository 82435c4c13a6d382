-- Dead letters: what gave up, kept whole until someone retries or discards it.
--
-- tenant_id is the nil UUID where a job belongs to no tenant (or could not be read), so that the key can start with
-- it; for the same reason there is no foreign key to tenants.
create table aias_private.dead_letters (
    tenant_id uuid default '00000000-0000-0000-0000-000000000000' not null,
    id uuid default aias_private.uuid7() not null,
    kind text not null,
    execution_id uuid,
    job_id bigint,
    reason text not null,
    error jsonb not null,
    -- the whole of it: an execution's row and steps, or a job's row
    snapshot jsonb not null,
    created_at timestamptz default aias_private.now() not null,
    resolution text,
    resolved_at timestamptz,
    resolved_by text,
    resolved_reason text,
    constraint dead_letters_pkey primary key (tenant_id, id),
    constraint kind_is_known check (kind in ('execution', 'job')),
    constraint execution_set_for_executions check ((execution_id is not null) = (kind = 'execution')),
    constraint resolution_is_known check (resolution in ('requeued', 'discarded')),
    constraint resolved_at_set_when_resolved check ((resolved_at is not null) = (resolution is not null))
);
create index dead_letters_id_idx on aias_private.dead_letters (id);
create index dead_letters_execution_idx on aias_private.dead_letters (execution_id) where execution_id is not null;
-- an execution has at most one open dead letter
create unique index dead_letters_open_execution_key on aias_private.dead_letters (tenant_id, execution_id)
where execution_id is not null and resolution is null;
comment on table aias_private.dead_letters is
'Executions and jobs that gave up. The nil tenant stands for none.';

alter table aias_private.dead_letters enable row level security;
alter table aias_private.dead_letters force row level security;
create policy tenant_isolation on aias_private.dead_letters
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
