-- aias_private.step_rows: the checkpoints of an execution as one document, in the order in which they began.
create or replace function aias_private.step_rows(
    p_tenant uuid,
    p_execution uuid
)
returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        jsonb_agg(
            jsonb_build_object(
                'id', s.id,
                'item', s.item,
                'action', s.action,
                'status', s.status,
                'attempt_count', s.attempt_count,
                'output', s.output,
                'error', s.error,
                'wait_kind', s.wait_kind,
                'wait_until', s.wait_until,
                'wait_detail', s.wait_detail,
                'started_at', s.started_at,
                'finished_at', s.finished_at
            )
            order by s.started_at, s.id, s.item
        ),
        '[]'
    )
    from aias_private.steps as s
    where s.tenant_id = p_tenant and s.execution_id = p_execution
$$;
revoke execute on function aias_private.step_rows(uuid, uuid) from public;
comment on function aias_private.step_rows(uuid, uuid) is 'The checkpoints of an execution as a JSON array.';
