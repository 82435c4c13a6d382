-- aias.resume: let the jobs of a paused lane, workflow, tenant or task start again.
--
-- Promise   what was parked is ready again, as if it had been enqueued now, in its order; workers are woken.
-- Errors    JR403 a lane or a task, and the caller is confined to a tenant; JR404 there is no such lane, workflow or tenant, or it is not
--           paused; JR422 the scope or the name is not valid.
-- requires: aias_private.nil_uuid
-- requires: aias_private.record_audit
-- requires: aias_private.scope_key
-- requires: aias_private.unpark_jobs
-- requires: aias_private.wake_workers
create or replace function aias.resume(
    p_scope text,
    p_name text
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
    select s.tenant_id, s.name, s.key into v_scope
    from aias_private.scope_key(p_scope, p_name, array['lane', 'workflow', 'tenant', 'task']) as s;
    delete from aias_private.pauses as p
    where p.key = v_scope.key
    returning jsonb_strip_nulls(
        jsonb_build_object('reason', p.reason, 'paused_by', p.paused_by, 'paused_at', p.paused_at)
    )
    into v_before;
    if not found then
        raise exception 'the % % is not paused', p_scope, quote_literal(p_name)
            using errcode = 'JR404', column = 'p_name';
    end if;
    perform aias_private.unpark_jobs('pause:' || v_scope.key, null);
    -- a lane's jobs are not parked: nobody looked at them
    perform aias_private.wake_workers(l.queue_name, 0)
    from aias_private.lanes as l
    where p_scope = 'lane' and l.name = p_name;
    perform aias_private.record_audit(
        nullif(v_scope.tenant_id, aias_private.nil_uuid()),
        p_scope || '.resumed',
        p_scope,
        v_scope.name,
        jsonb_build_object('before', v_before)
    );
end;
$$;
revoke execute on function aias.resume(text, text) from public;
grant execute on function aias.resume(text, text) to aias_app, aias_admin;
comment on function aias.resume(text, text) is 'Lets the jobs of a paused lane, workflow, tenant or task start again.';
