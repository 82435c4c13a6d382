-- aias_private.requeue_diverted: start again what a released fuse had diverted.
--
-- Caller    aias.release_fuse for the first of them, the upkeep every minute for the rest.
-- Promise   at most p_limit dead letters, the oldest first; those that were decided on meanwhile are left as they are. When none
--           is left the fuse is done. How many it were.
-- Locks     the fuse's row: one process at a time.
-- requires: aias.retry_execution
-- requires: aias_private.caller_actor
-- requires: aias_private.requeue_dead_job
create or replace function aias_private.requeue_diverted(
    p_tenant uuid,
    p_fuse uuid,
    p_limit integer
)
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_letter record;
    v_count integer := 0;
begin
    perform from aias_private.fuses as f
    where f.tenant_id = p_tenant and f.id = p_fuse and f.is_requeueing
    for update;
    if not found then
        return 0;
    end if;
    for v_letter in
        select d.id, d.kind, d.execution_id
        from aias_private.dead_letters as d
        where d.tenant_id = p_tenant and d.fuse_id = p_fuse and d.resolution is null
        order by d.id
        limit p_limit
        for update skip locked
    loop
        if v_letter.kind = 'execution' then
            perform aias.retry_execution(v_letter.execution_id);
        else
            update aias_private.dead_letters as d
            set resolution = 'requeued', resolved_at = aias_private.now(), resolved_by = aias_private.caller_actor()
            where d.tenant_id = p_tenant and d.id = v_letter.id;
            perform aias_private.requeue_dead_job(p_tenant, v_letter.id);
        end if;
        v_count := v_count + 1;
    end loop;
    update aias_private.fuses as f
    set requeued_count = f.requeued_count + v_count, is_requeueing = v_count = p_limit
    where f.tenant_id = p_tenant and f.id = p_fuse;
    return v_count;
end;
$$;
revoke execute on function aias_private.requeue_diverted(uuid, uuid, integer) from public;
comment on function aias_private.requeue_diverted(uuid, uuid, integer) is
'Starts again what a released fuse had diverted, and says how many.';
