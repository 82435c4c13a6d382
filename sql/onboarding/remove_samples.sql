-- aias.remove_samples: remove everything that came with a tenant's samples.
--
-- Promise   one call and one transaction: executions of samples that have not ended are cancelled, those that had ended are gone with
--           their steps, events, effects and dead letters; the workflows are deleted, the connections to the local servers forgotten.
--           An event that says again that somebody signed up brings nothing back; aias.add_samples does. Called again it finds nothing,
--           but for the executions that the call before has cancelled.
-- Locks     the tenant's row of samples, then executions by id, then workflows.
-- Errors    JR404 no such tenant.
-- requires: aias.cancel_execution
-- requires: aias.disconnect_integration
-- requires: aias_private.record_audit
-- requires: aias_private.sample_success
-- requires: aias_private.tenant_by_slug
create or replace function aias.remove_samples(p_tenant text)
returns table (
    workflow_count integer,
    connection_count integer,
    execution_count integer,
    cancelled_count integer
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.tenant_by_slug(p_tenant);
    v_workflows uuid[];
    v_names text[];
    v_ended uuid[];
    v_connection record;
    v_execution uuid;
begin
    perform from aias_private.tenant_samples as s where s.tenant_id = v_tenant for update;
    select array_agg(w.id), coalesce(array_agg(w.name order by w.name) filter (where w.deleted_at is null), '{}')
    into v_workflows, v_names
    from aias_private.workflows as w
    where w.tenant_id = v_tenant and w.is_sample;
    update aias_private.tenant_samples as s
    set
        status = 'removed',
        removed_at = coalesce(s.removed_at, aias_private.now()),
        first_success_at = coalesce(s.first_success_at, aias_private.sample_success(v_tenant))
    where s.tenant_id = v_tenant;
    -- what had ended: a worker may still write to what is cancelled only now, and finds it
    v_ended := array(
        select e.id from aias_private.executions as e
        where
            e.tenant_id = v_tenant
            and e.workflow_id = any(v_workflows)
            and e.status in ('succeeded', 'failed', 'cancelled')
        order by e.id
        for update
    );
    cancelled_count := 0;
    for v_execution in
        select e.id from aias_private.executions as e
        where
            e.tenant_id = v_tenant
            and e.workflow_id = any(v_workflows)
            and e.status in ('queued', 'running', 'waiting')
        order by e.id
    loop
        cancelled_count := cancelled_count + aias.cancel_execution(v_execution, 'the samples were removed')::integer;
    end loop;
    delete from aias_private.dead_letters as d where d.tenant_id = v_tenant and d.execution_id = any(v_ended);
    delete from aias_private.gate_waiters as g where g.tenant_id = v_tenant and g.execution_id = any(v_ended);
    delete from aias_private.signals as s where s.tenant_id = v_tenant and s.execution_id = any(v_ended);
    delete from aias_private.effects as f where f.tenant_id = v_tenant and f.execution_id = any(v_ended);
    delete from aias_private.execution_events as v where v.tenant_id = v_tenant and v.execution_id = any(v_ended);
    delete from aias_private.steps as s where s.tenant_id = v_tenant and s.execution_id = any(v_ended);
    delete from aias_private.executions as e where e.tenant_id = v_tenant and e.id = any(v_ended);
    execution_count := cardinality(v_ended);
    update aias_private.workflows as w
    set deleted_at = aias_private.now(), is_enabled = false
    where w.tenant_id = v_tenant and w.is_sample and w.deleted_at is null;
    workflow_count := cardinality(v_names);
    connection_count := 0;
    for v_connection in
        select i.kind, i.name from aias_private.integrations as i
        where i.tenant_id = v_tenant and i.is_sample
        order by i.kind, i.name
    loop
        perform aias.disconnect_integration(p_tenant, v_connection.kind, v_connection.name);
        connection_count := connection_count + 1;
    end loop;
    if workflow_count + connection_count + execution_count + cancelled_count > 0 then
        perform aias_private.record_audit(
            v_tenant,
            'samples.removed',
            'tenant',
            v_tenant::text,
            jsonb_build_object(
                'is_sample', true,
                'executions', execution_count,
                'cancelled', cancelled_count,
                'connections', connection_count,
                'before', jsonb_build_object('workflows', v_names)
            )
        );
    end if;
    return next;
end;
$$;
revoke execute on function aias.remove_samples(text) from public;
grant execute on function aias.remove_samples(text) to aias_app, aias_admin;
comment on function aias.remove_samples(text) is
'Removes a tenant''s samples whole: workflows, connections, executions; says how many of each. Nothing else is touched.';
