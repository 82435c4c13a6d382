-- aias_private.emit_own_event: say as an event what happened to a tenant's connections and executions.
--
-- Caller    the triggers hear_breaker, hear_integration, hear_effect and hear_fallback, in the transaction of what happened.
-- Promise   an event of the source `aias`. What an execution causes (p_execution) is of its trace and stands one deeper than the execution, so that
--           a workflow which starts at its own failures ends after ten. An event that is refused is audited and undoes nothing.
-- requires: aias.emit_event
-- requires: aias_private.record_audit
-- requires: aias_private.span_id
-- requires: aias_private.trace_parent
create or replace function aias_private.emit_own_event(
    p_tenant uuid,
    p_type text,
    p_subject text,
    p_payload jsonb,
    p_execution uuid
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_depth constant text := coalesce(current_setting('aias.event_depth', true), '');
    v_trace_parent constant text := coalesce(current_setting('aias.traceparent', true), '');
    v_correlation constant text := coalesce(current_setting('aias.correlation_id', true), '');
begin
    if p_execution is not null then
        perform
            set_config('aias.event_depth', (e.depth + 1)::text, true),
            set_config(
                'aias.traceparent', aias_private.trace_parent(e.id, e.trace_parent, aias_private.span_id(e.id)), true
            ),
            set_config('aias.correlation_id', coalesce(e.correlation_id, ''), true)
        from aias_private.executions as e
        where e.tenant_id = p_tenant and e.id = p_execution;
    end if;
    begin
        perform aias.emit_event(
            (select t.slug from aias_private.tenants as t where t.id = p_tenant),
            p_type,
            jsonb_strip_nulls(p_payload),
            null,
            'aias',
            p_subject
        );
    exception
        when sqlstate 'JR404' or sqlstate 'JR422' then
            perform aias_private.record_audit(
                p_tenant, 'event.refused', 'event', p_type, jsonb_build_object('error', sqlerrm)
            );
    end;
    perform
        set_config('aias.event_depth', v_depth, true),
        set_config('aias.traceparent', v_trace_parent, true),
        set_config('aias.correlation_id', v_correlation, true);
end;
$$;
revoke execute on function aias_private.emit_own_event(uuid, text, text, jsonb, uuid) from public;
comment on function aias_private.emit_own_event(uuid, text, text, jsonb, uuid) is
'Says as an event what happened to a tenant''s connections and executions.';
