-- aias_private.step_waits: what the steps of a waiting execution wait for, the one that ends first before the others.
--
-- Caller    explain_execution, and explain_job for the job that goes on when the first wait ends.
create or replace function aias_private.step_waits(
    p_tenant uuid,
    p_execution uuid
)
returns table (
    reason text,
    detail text,
    until timestamptz
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select
        s.wait_kind,
        case s.wait_kind
            when 'retry' then format(
                'step %s failed %s times and is tried again: %s', s.id, s.attempt_count, s.error ->> 'message'
            )
            when 'sleep' then format('step %s sleeps', s.id)
            when 'event' then format('step %s waits for the signal %s', s.id, s.wait_detail ->> 'name')
            when 'approval' then format(
                'step %s waits for a person: %s', s.id, coalesce(s.wait_detail ->> 'message', 'an approval')
            )
            when 'gate' then format(
                'step %s waits for the gate %s: %s', s.id, s.wait_detail ->> 'gate', s.wait_detail ->> 'message'
            )
            when 'limit' then format(
                'step %s waits%s: %s',
                s.id,
                ' for the limit of ' || (s.wait_detail ->> 'gate'),
                s.wait_detail ->> 'message'
            )
            when 'effect' then format('step %s waits: %s', s.id, s.wait_detail ->> 'message')
            else format('step %s waits for the execution %s', s.id, s.child_execution_id)
        end,
        s.wait_until
    from aias_private.steps as s
    where s.tenant_id = p_tenant and s.execution_id = p_execution and s.status = 'waiting'
    order by s.wait_until nulls last, s.started_at, s.id, s.item
$$;
revoke execute on function aias_private.step_waits(uuid, uuid) from public;
comment on function aias_private.step_waits(uuid, uuid) is 'What the steps of a waiting execution wait for, and until when.';
