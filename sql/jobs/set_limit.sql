-- aias.set_limit: how many jobs of a tenant, a workflow or a key, or calls of a connection, may run at once and start in a time.
--
-- Promise   in force for every claim from the commit on; what runs goes on. It replaces the limit as a whole. p_rate starts per
--           p_per in the long run, p_burst at once (one, unless given). Jobs that the former limit held are let go. A tenant's
--           own number stands in place of its plan's, a connection's limit in place of its kind's.
-- Errors    JR403 a tenant's limit, and the caller is confined to a tenant; JR404 there is no such tenant or workflow; JR422 an argument is
--           not valid, or nothing would be limited.
-- requires: aias_private.caller_actor
-- requires: aias_private.nil_uuid
-- requires: aias_private.record_audit
-- requires: aias_private.release_limit
-- requires: aias_private.scope_key
-- requires: aias_private.wake_limited_executions
create or replace function aias.set_limit(
    p_scope text,
    p_name text,
    p_max_running integer default null,
    p_rate integer default null,
    p_per interval default null,
    p_burst integer default null
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
    if p_scope = 'tenant' and not aias_private.caller_sees_all() then
        raise exception 'a tenant''s limit is a matter for administrators' using errcode = 'JR403', column = 'p_scope';
    end if;
    select s.tenant_id, s.workflow_id, s.name, s.key into v_scope
    from aias_private.scope_key(p_scope, p_name, array['tenant', 'workflow', 'key', 'connection']) as s;
    if p_max_running < 0 then
        raise exception 'at least 0 jobs run at once, not %', p_max_running
            using errcode = 'JR422', column = 'p_max_running';
    elsif p_rate < 1 or (p_rate is null and p_max_running is null) then
        raise exception 'a limit needs a number of jobs that may run, or a rate of at least 1'
            using errcode = 'JR422', column = 'p_rate';
    elsif (p_rate is null) <> (p_per is null) or not p_per between interval '1 millisecond' and interval '366 days' then
        raise exception 'a rate is so many starts per a time between a millisecond and a year'
            using errcode = 'JR422', column = 'p_per';
    elsif p_burst < 1 or (p_burst is not null and p_rate is null) then
        raise exception 'a burst is at least 1 and belongs to a rate' using errcode = 'JR422', column = 'p_burst';
    end if;
    select jsonb_strip_nulls(
        jsonb_build_object('max_running', l.max_running, 'rate', l.rate_count, 'per', l.rate_per, 'burst', l.rate_burst)
    )
    into v_before
    from aias_private.limits as l
    where l.tenant_id = v_scope.tenant_id and l.scope = p_scope and l.name = v_scope.name
    for update;
    insert into aias_private.limits as l (
        tenant_id, scope, name, key, workflow_id, max_running, rate_count, rate_per, rate_burst, set_by
    )
    values (
        v_scope.tenant_id,
        p_scope,
        v_scope.name,
        v_scope.key,
        v_scope.workflow_id,
        p_max_running,
        p_rate,
        p_per,
        case when p_rate is not null then coalesce(p_burst, 1) end,
        aias_private.caller_actor()
    )
    on conflict (tenant_id, scope, name) do update
    set
        key = excluded.key,
        workflow_id = excluded.workflow_id,
        max_running = excluded.max_running,
        rate_count = excluded.rate_count,
        rate_per = excluded.rate_per,
        rate_burst = excluded.rate_burst,
        set_by = excluded.set_by,
        set_at = excluded.set_at;
    perform aias_private.release_limit(v_scope.key);
    if p_scope = 'connection' then
        perform aias_private.wake_limited_executions(v_scope.tenant_id, v_scope.name, 1000);
    end if;
    perform aias_private.record_audit(
        nullif(v_scope.tenant_id, aias_private.nil_uuid()),
        p_scope || '.limited',
        p_scope,
        v_scope.name,
        jsonb_strip_nulls(
            jsonb_build_object(
                'max_running', p_max_running, 'rate', p_rate, 'per', p_per, 'burst', p_burst, 'before', v_before
            )
        )
    );
end;
$$;
revoke execute on function aias.set_limit(text, text, integer, integer, interval, integer) from public;
grant execute on function aias.set_limit(text, text, integer, integer, interval, integer) to aias_app, aias_admin;
comment on function aias.set_limit(text, text, integer, integer, interval, integer) is
'Sets how many jobs of a tenant, a workflow or a key, or calls of a connection, run at once and start in a time.';
