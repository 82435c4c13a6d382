-- aias_private.tell_endpoints: put what happened to an execution into the outbox of those who want to hear of it.
--
-- Caller    the triggers on executions and dead letters, in the transaction of what happened.
-- Promise   one message and one job per endpoint that is enabled and wants the type; nothing at all where a tenant has none.
-- Plan      webhook_endpoints_name_key, by the tenant.
-- requires: aias_private.insert_tenant_job
-- requires: aias_private.span_id
-- requires: aias_private.trace_parent
create or replace function aias_private.tell_endpoints(
    p_tenant uuid,
    p_type text,
    p_execution aias_private.executions
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_endpoint uuid;
    v_message uuid;
begin
    for v_endpoint in
        select e.id
        from aias_private.webhook_endpoints as e
        where e.tenant_id = p_tenant and e.is_enabled and p_type = any(e.types)
        order by e.id
    loop
        insert into aias_private.webhook_messages as m (
            tenant_id, endpoint_id, type, payload, trace_parent, correlation_id
        )
        select
            p_tenant,
            v_endpoint,
            p_type,
            jsonb_build_object(
                'type', p_type,
                'timestamp', aias_private.now(),
                'data', jsonb_strip_nulls(
                    jsonb_build_object(
                        'execution_id', p_execution.id,
                        'workflow', w.name,
                        'version', p_execution.version,
                        'status', p_execution.status,
                        'error', p_execution.error,
                        'created_at', p_execution.created_at,
                        'started_at', p_execution.started_at,
                        'finished_at', p_execution.finished_at
                    )
                )
            ),
            aias_private.trace_parent(
                p_execution.id, p_execution.trace_parent, aias_private.span_id(p_execution.id)
            ),
            p_execution.correlation_id
        from aias_private.workflows as w
        where w.tenant_id = p_tenant and w.id = p_execution.workflow_id
        returning m.id into v_message;
        perform aias_private.insert_tenant_job(
            p_tenant, 'aias.deliver_webhook', jsonb_build_object('message_id', v_message), null
        );
    end loop;
end;
$$;
revoke execute on function aias_private.tell_endpoints(uuid, text, aias_private.executions) from public;
comment on function aias_private.tell_endpoints(uuid, text, aias_private.executions) is
'Puts what happened to an execution into the outbox of those who want to hear of it.';
