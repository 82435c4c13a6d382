-- aias.replay_where: run many final executions of a workflow again, spread over time.
--
-- Promise   of every tenant that the caller sees. Each is replayed as replay_execution does, p_per_minute a minute, the
--           first one now; all or none are enqueued.
-- Errors    JR404 no such workflow or version; JR422 an argument is not valid.
-- requires: aias_private.copy_execution
-- requires: aias_private.record_audit
create or replace function aias.replay_where(
    p_workflow text,
    p_status text,
    p_since timestamptz,
    p_until timestamptz,
    p_from_step text default null,
    p_version integer default null,
    p_per_minute integer default 60
)
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_workflow record;
    v_execution uuid;
    v_count integer := 0;
    v_is_known boolean := false;
    v_now constant timestamptz := aias_private.now();
begin
    if p_status is null or p_status not in ('succeeded', 'failed', 'cancelled') then
        raise exception 'a final status is succeeded, failed or cancelled, not %', coalesce(quote_literal(p_status), 'null')
            using errcode = 'JR422', column = 'p_status';
    end if;
    if p_since is null or p_until is null or p_since > p_until then
        raise exception 'a span of time has a beginning and a later end' using errcode = 'JR422', column = 'p_since';
    end if;
    if p_per_minute is null or p_per_minute < 1 then
        raise exception 'a rate is at least one a minute, not %', p_per_minute
            using errcode = 'JR422', column = 'p_per_minute';
    end if;
    for v_workflow in
        select w.tenant_id, w.id
        from aias_private.workflows as w
        where
            w.name = p_workflow
            and w.deleted_at is null
            and (aias_private.caller_sees_all() or w.tenant_id is not distinct from aias_private.caller_tenant())
        order by w.tenant_id
    loop
        v_is_known := true;
        for v_execution in
            select e.id
            from aias_private.executions as e
            where
                e.tenant_id = v_workflow.tenant_id
                and e.workflow_id = v_workflow.id
                and e.status = p_status
                and e.created_at >= p_since
                and e.created_at < p_until
            order by e.id
        loop
            perform aias_private.copy_execution(
                v_workflow.tenant_id, v_execution, p_from_step, null, p_version,
                case when v_count > 0 then v_now + make_interval(secs => v_count * 60.0 / p_per_minute) end
            );
            v_count := v_count + 1;
        end loop;
        perform aias_private.record_audit(
            v_workflow.tenant_id,
            'executions.replayed',
            'workflow',
            v_workflow.id::text,
            jsonb_build_object('status', p_status, 'since', p_since, 'until', p_until, 'count', v_count)
        );
    end loop;
    if not v_is_known then
        raise exception 'there is no workflow %', coalesce(quote_literal(p_workflow), 'null')
            using errcode = 'JR404', column = 'p_workflow';
    end if;
    return v_count;
end;
$$;
revoke execute on function
aias.replay_where(text, text, timestamptz, timestamptz, text, integer, integer) from public;
grant execute on function
aias.replay_where(text, text, timestamptz, timestamptz, text, integer, integer) to aias_app, aias_admin;
comment on function aias.replay_where(text, text, timestamptz, timestamptz, text, integer, integer) is
'Replays the final executions of a workflow in a span of time, at a rate, and returns how many.';
