-- aias_private.record_audit: note who did what.
--
-- Caller    every function that acts for a user, an administrator, an application or a trigger.
-- Promise   the row commits or goes with the caller's transaction: no action without its row and no row without its
--           action. The actor is the setting aias.actor where the application sets it, else the role that calls; the
--           request and the address it came from are the settings aias.request_id and aias.address. p_detail tells what is
--           now and, of what was changed or removed, under "before" what was; never a secret. The trace and the correlation
--           id are the settings aias.traceparent and aias.correlation_id, else those of the execution that it is about.
create or replace function aias_private.record_audit(
    p_tenant uuid,
    p_action text,
    p_object_kind text,
    p_object_id text,
    p_detail jsonb
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_actor constant text := nullif(left(current_setting('aias.actor', true), 200), '');
    v_kind text := nullif(current_setting('aias.actor_kind', true), '');
    v_trace text := nullif(current_setting('aias.traceparent', true), '');
begin
    if v_trace is not null then
        v_trace := split_part(aias_private.given_trace_parent(v_trace), '-', 2);
    elsif p_action = 'execution.started' then
        -- what is started without a trace is one
        v_trace := replace(p_object_id, '-', '');
    elsif p_object_kind = 'execution' then
        select aias_private.trace_id(e.id, e.trace_parent) into v_trace
        from aias_private.executions as e
        where e.tenant_id = p_tenant and e.id = p_object_id::uuid;
    end if;
    if v_kind is null then
        v_kind := case
            when v_actor is not null then 'user'
            when aias_private.caller_sees_all() then 'administrator'
            else 'application'
        end;
    end if;
    insert into aias_private.audit_log (
        tenant_id, actor, actor_kind, action, object_kind, object_id, detail, request_id, address,
        correlation_id, trace_id
    )
    values (
        coalesce(p_tenant, '00000000-0000-0000-0000-000000000000'),
        coalesce(v_actor, aias_private.caller_role()),
        v_kind,
        p_action,
        p_object_kind,
        p_object_id,
        coalesce(p_detail, '{}'),
        nullif(left(current_setting('aias.request_id', true), 200), ''),
        nullif(left(current_setting('aias.address', true), 100), ''),
        coalesce(nullif(left(current_setting('aias.correlation_id', true), 200), ''), v_trace),
        v_trace
    );
end;
$$;
-- requires: aias_private.given_trace_parent
-- requires: aias_private.trace_id
revoke execute on function aias_private.record_audit(uuid, text, text, text, jsonb) from public;
comment on function aias_private.record_audit(uuid, text, text, text, jsonb) is
'Adds a row to the audit log, in the caller''s transaction.';
