-- aias.cancel_execution: end an execution before its time, with the executions that it started.
--
-- Promise   final at once: a worker in the middle of it is told to stop, and nothing that it writes afterwards is taken. A call that
--           was under way and must not be repeated is left `in_doubt`.
-- Returns   false when it was cancelled before.
-- Errors    JR404 no such execution; JR409 it has succeeded or failed.
-- requires: aias_private.execution_tenant
-- requires: aias_private.lock_execution
-- requires: aias_private.cancel_tree
-- requires: aias_private.answer_parent
-- requires: aias_private.record_audit
create or replace function aias.cancel_execution(
    p_execution uuid,
    p_reason text default null
)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.execution_tenant(p_execution);
    v_execution constant aias_private.executions := aias_private.lock_execution(v_tenant, p_execution);
begin
    if v_execution.status = 'cancelled' then
        return false;
    end if;
    if v_execution.status in ('succeeded', 'failed') then
        raise exception 'the execution % has % and can''t be cancelled', p_execution, v_execution.status
            using errcode = 'JR409', column = 'p_execution';
    end if;
    perform aias_private.cancel_tree(v_tenant, p_execution, left(p_reason, 1000));
    perform aias_private.answer_parent(v_tenant, p_execution);
    perform aias_private.record_audit(
        v_tenant,
        'execution.cancelled',
        'execution',
        p_execution::text,
        jsonb_strip_nulls(
            jsonb_build_object(
                'reason', left(p_reason, 1000),
                'status', 'cancelled',
                'before', jsonb_build_object('status', v_execution.status)
            )
        )
    );
    return true;
end;
$$;
revoke execute on function aias.cancel_execution(uuid, text) from public;
grant execute on function aias.cancel_execution(uuid, text) to aias_app, aias_admin;
comment on function aias.cancel_execution(uuid, text) is
'Cancels an execution and those that it started; false when it was cancelled before.';
