-- aias_private.divert: send what the blown fuses hold to the dead letters.
--
-- Caller    the recorder when a fuse has just blown (p_is_first: also what nobody has looked at yet), and the upkeep every
--           minute (only what their pauses have parked, found by an index).
-- Promise   at most p_limit jobs or executions of each fuse; how many it were in all. Zero: nothing is left that is due.
-- Locks     the fuses' rows, skip locked: one process at a time diverts for a fuse, and a release waits for it.
-- requires: aias_private.divert_execution
-- requires: aias_private.divert_jobs
-- requires: aias_private.due_workflow_jobs
create or replace function aias_private.divert(
    p_is_first boolean,
    p_limit integer
)
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_fuse aias_private.fuses;
    v_reason text;
    v_count integer;
    v_all integer := 0;
begin
    if p_limit is null or p_limit not between 1 and 100000 then
        raise exception 'a limit lies between 1 and 100000, not at %', p_limit
            using errcode = 'JR422', column = 'p_limit';
    end if;
    for v_fuse in
        select f.*
        from aias_private.fuses as f
        where f.released_at is null
        order by f.id
        for update skip locked
    loop
        v_reason := format('the fuse %s blew: %s', v_fuse.id, v_fuse.reason);
        if v_fuse.scope = 'task' then
            v_count := aias_private.divert_jobs(
                v_fuse.tenant_id, v_fuse.id, v_fuse.name, 'pause:' || v_fuse.key, v_reason, p_is_first, p_limit
            );
        else
            select count(*)::integer into v_count
            from aias_private.due_workflow_jobs(
                v_fuse.workflow_id, case when not p_is_first then 'pause:' || v_fuse.key end, p_limit
            ) as j
            where aias_private.divert_execution(v_fuse.tenant_id, j.execution_id, j.job_id, v_fuse.id, v_reason);
        end if;
        update aias_private.fuses as f
        set diverted_count = f.diverted_count + v_count
        where f.tenant_id = v_fuse.tenant_id and f.id = v_fuse.id and v_count > 0;
        v_all := v_all + v_count;
    end loop;
    return v_all;
end;
$$;
revoke execute on function aias_private.divert(boolean, integer) from public;
grant execute on function aias_private.divert(boolean, integer) to aias_worker;
comment on function aias_private.divert(boolean, integer) is
'Sends what the blown fuses hold to the dead letters, and says how many.';
