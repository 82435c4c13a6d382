-- aias.release_fuse: let a task or a workflow run again whose fuse blew.
--
-- Promise   from the commit on its jobs start again, and its failures count from nothing; the alert is resolved. With p_requeue
--           what was diverted is started again: the first 1000 at once, the rest by the upkeep within the minutes to come, the
--           oldest first. Without it the dead letters stay, to be decided on one by one.
-- Returns   how many were started again at once.
-- Errors    JR404 no such fuse that the caller may see; JR409 it was released before.
-- requires: aias_private.caller_actor
-- requires: aias_private.nil_uuid
-- requires: aias_private.record_audit
-- requires: aias_private.requeue_diverted
-- requires: aias_private.resolve_alert
-- requires: aias_private.unpark_jobs
create or replace function aias.release_fuse(
    p_fuse uuid,
    p_requeue boolean default false,
    p_reason text default null
)
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_fuse aias_private.fuses;
begin
    select f.* into v_fuse
    from aias_private.fuses as f
    where
        f.id = p_fuse
        and (aias_private.caller_sees_all() or f.tenant_id is not distinct from aias_private.caller_tenant())
    for update;
    if not found then
        raise exception 'there is no fuse %', coalesce(p_fuse::text, 'null') using errcode = 'JR404', column = 'p_fuse';
    end if;
    if v_fuse.released_at is not null then
        raise exception 'the fuse % was released at % by %', p_fuse, v_fuse.released_at, v_fuse.released_by
            using errcode = 'JR409', column = 'p_fuse';
    end if;
    update aias_private.fuses as f
    set
        released_at = aias_private.now(),
        released_by = aias_private.caller_actor(),
        released_reason = left(p_reason, 1000),
        is_requeueing = coalesce(p_requeue, false)
    where f.tenant_id = v_fuse.tenant_id and f.id = p_fuse;
    delete from aias_private.fuse_failures as c
    where c.tenant_id = v_fuse.tenant_id and c.scope = v_fuse.scope and c.name = v_fuse.name;
    delete from aias_private.pauses as p where p.key = v_fuse.key;
    perform aias_private.unpark_jobs('pause:' || v_fuse.key, null);
    perform aias_private.resolve_alert(
        'fuse_blown', nullif(v_fuse.tenant_id, aias_private.nil_uuid()), v_fuse.key
    );
    perform aias_private.record_audit(
        nullif(v_fuse.tenant_id, aias_private.nil_uuid()),
        'fuse.released',
        'fuse',
        p_fuse::text,
        jsonb_strip_nulls(
            jsonb_build_object(
                'scope', v_fuse.scope, 'name', v_fuse.name, 'requeue', p_requeue, 'reason', left(p_reason, 1000)
            )
        )
    );
    return case
        when p_requeue then aias_private.requeue_diverted(v_fuse.tenant_id, p_fuse, 1000)
        else 0
    end;
end;
$$;
revoke execute on function aias.release_fuse(uuid, boolean, text) from public;
grant execute on function aias.release_fuse(uuid, boolean, text) to aias_app, aias_admin;
comment on function aias.release_fuse(uuid, boolean, text) is
'Lets a task or a workflow run again whose fuse blew, and where it is wished starts again what was diverted.';
