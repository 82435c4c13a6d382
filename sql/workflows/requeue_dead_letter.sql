-- aias.requeue_dead_letter: try again what gave up.
--
-- Promise   an execution goes on from its checkpoints; a job is enqueued afresh with its arguments. The letter is resolved.
-- Errors    JR404 no such dead letter; JR409 it is resolved.
-- requires: aias_private.record_audit
-- requires: aias_private.caller_actor
-- requires: aias.retry_execution
-- requires: aias_private.requeue_dead_job
create or replace function aias.requeue_dead_letter(p_dead_letter uuid)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_letter aias_private.dead_letters;
begin
    select d.* into v_letter
    from aias_private.dead_letters as d
    where
        d.id = p_dead_letter
        and (aias_private.caller_sees_all() or d.tenant_id is not distinct from aias_private.caller_tenant());
    if not found then
        raise exception 'there is no dead letter %', coalesce(p_dead_letter::text, 'null')
            using errcode = 'JR404', column = 'p_dead_letter';
    end if;
    if v_letter.kind = 'execution' and v_letter.resolution is null then
        perform aias.retry_execution(v_letter.execution_id);
    else
        update aias_private.dead_letters as d
        set resolution = 'requeued', resolved_at = aias_private.now(), resolved_by = aias_private.caller_actor()
        where d.tenant_id = v_letter.tenant_id and d.id = p_dead_letter and d.resolution is null;
        if not found then
            raise exception 'the dead letter % was resolved before', p_dead_letter
                using errcode = 'JR409', column = 'p_dead_letter';
        end if;
        perform aias_private.requeue_dead_job(v_letter.tenant_id, p_dead_letter);
    end if;
    perform aias_private.record_audit(
        v_letter.tenant_id,
        'dead_letter.requeued',
        'dead_letter',
        p_dead_letter::text,
        jsonb_build_object(
            'kind', v_letter.kind,
            'resolution', 'requeued',
            'before', jsonb_build_object('resolution', null, 'reason', v_letter.reason)
        )
    );
end;
$$;
revoke execute on function aias.requeue_dead_letter(uuid) from public;
grant execute on function aias.requeue_dead_letter(uuid) to aias_app, aias_admin;
comment on function aias.requeue_dead_letter(uuid) is 'Tries again what gave up: an execution from its checkpoints, a job afresh.';
