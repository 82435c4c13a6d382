-- aias.pause: start no more jobs of a lane, a workflow, a tenant or a task.
--
-- Promise   from its commit on no claim starts such a job; what runs goes on. Workers are told at once (aias_control), so that they
--           give back what they have claimed and not started. Pausing again changes the reason and keeps the time.
-- Errors    JR403 a lane or a task, and the caller is confined to a tenant; JR404 there is no such lane, workflow or tenant; JR422
--           the scope, the name or the reason is not valid.
-- requires: aias_private.caller_actor
-- requires: aias_private.nil_uuid
-- requires: aias_private.record_audit
-- requires: aias_private.scope_key
create or replace function aias.pause(
    p_scope text,
    p_name text,
    p_reason text default null
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_scope record;
    v_before jsonb;
begin
    select s.tenant_id, s.workflow_id, s.name, s.key into v_scope
    from aias_private.scope_key(p_scope, p_name, array['lane', 'workflow', 'tenant', 'task']) as s;
    if length(p_reason) > 1000 then
        raise exception 'a reason has at most 1000 characters, not %', length(p_reason)
            using errcode = 'JR422', column = 'p_reason';
    end if;
    select jsonb_strip_nulls(
        jsonb_build_object('reason', p.reason, 'paused_by', p.paused_by, 'paused_at', p.paused_at)
    )
    into v_before
    from aias_private.pauses as p
    where p.tenant_id = v_scope.tenant_id and p.scope = p_scope and p.name = v_scope.name
    for update;
    insert into aias_private.pauses as p (tenant_id, scope, name, key, workflow_id, reason, paused_by)
    values (
        v_scope.tenant_id,
        p_scope,
        v_scope.name,
        v_scope.key,
        v_scope.workflow_id,
        p_reason,
        aias_private.caller_actor()
    )
    on conflict (tenant_id, scope, name) do update
    set key = excluded.key, workflow_id = excluded.workflow_id, reason = excluded.reason, paused_by = excluded.paused_by;
    perform aias_private.record_audit(
        nullif(v_scope.tenant_id, aias_private.nil_uuid()),
        p_scope || '.paused',
        p_scope,
        v_scope.name,
        jsonb_strip_nulls(jsonb_build_object('reason', p_reason, 'before', v_before))
    );
    perform pg_notify('aias_control', jsonb_build_object('type', 'paused', 'key', v_scope.key)::text);
end;
$$;
revoke execute on function aias.pause(text, text, text) from public;
grant execute on function aias.pause(text, text, text) to aias_app, aias_admin;
comment on function aias.pause(text, text, text) is
'Starts no more jobs of a lane, a workflow, a tenant or a task; what runs goes on.';
