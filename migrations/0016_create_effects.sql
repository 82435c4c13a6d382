-- The ledger of effects: what was asked of the outside world, before it was asked, and what came of it.
--
-- Partitioned by month through the execution's id, as executions and steps are, so that retention drops them together.
-- A request is kept as its hash only: what is in it may be secret, and only its equality matters.
-- squawk-ignore-file constraint-missing-not-valid, ban-drop-constraint
create table aias_private.effects (
    tenant_id uuid not null,
    execution_id uuid not null,
    step_id text not null,
    -- the item of a fan-out, counted from 0; -1 is the step itself
    item integer default -1 not null,
    -- which of several effects of the step; empty where there is one
    part text default '' not null,
    operation text not null,
    connection text,
    request_hash bytea not null,
    idempotency_key uuid not null,
    state text default 'intended' not null,
    response jsonb,
    -- the execution's attempt (its fencing token) that last sent or settled it
    attempt integer not null,
    send_count integer default 1 not null,
    begun_at timestamptz default aias_private.now() not null,
    -- until then the attempt that began it may be in its call
    held_until timestamptz,
    doubted_at timestamptz,
    settled_at timestamptz,
    resolved_by text,
    resolved_comment text,
    constraint effects_pkey primary key (tenant_id, execution_id, step_id, item, part),
    constraint state_is_known check (state in ('intended', 'done', 'refused', 'in_doubt')),
    constraint settled_at_set_when_settled check ((settled_at is not null) = (state in ('done', 'refused'))),
    constraint held_until_unset_when_settled check (held_until is null or settled_at is null),
    constraint doubted_at_set_when_in_doubt check (state <> 'in_doubt' or doubted_at is not null),
    constraint response_unset_when_not_done check (response is null or state = 'done'),
    constraint response_is_small check (octet_length(response::text) <= 100000),
    constraint request_hash_is_sha256 check (octet_length(request_hash) = 32),
    constraint part_is_a_word check (part ~ '^[a-z0-9_.-]{0,63}$'),
    constraint operation_is_short check (length(operation) between 1 and 100),
    constraint connection_is_short check (length(connection) between 1 and 200),
    constraint send_count_is_positive check (send_count > 0)
) partition by range (execution_id);
create table aias_private.effects_default partition of aias_private.effects default;
-- what waits for a person is rare among what is done
create index effects_in_doubt_idx on aias_private.effects (tenant_id, doubted_at) where state = 'in_doubt';
comment on table aias_private.effects is
'The ledger of effects: one row for each call that changes something outside, written before it is made.';

alter table aias_private.effects enable row level security;
alter table aias_private.effects force row level security;
create policy tenant_isolation on aias_private.effects
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

-- The checks are replaced while their tables are locked: a release of the engine knows all kinds of wait and of event or none.
alter table aias_private.steps
drop constraint wait_kind_is_known,
add constraint wait_kind_is_known check (
    wait_kind in ('retry', 'sleep', 'event', 'approval', 'execution', 'gate', 'limit', 'effect')
);
alter table aias_private.execution_events
drop constraint type_is_known,
add constraint type_is_known check (
    type in (
        'rescued', 'released', 'suspended', 'woken', 'step_retry_scheduled', 'step_failed', 'step_in_doubt', 'cancelled',
        'retried', 'replayed', 'failed', 'signalled', 'approved', 'rejected', 'fallback_started', 'repaired',
        'effect_resolved'
    )
);

-- A new database gets its partitions when sql/ is applied; one that is there already gets them here.
do $$
begin
    if to_regprocedure('aias_private.ensure_partitions(integer)') is not null then
        perform aias_private.ensure_partitions(3);
    end if;
end;
$$;
