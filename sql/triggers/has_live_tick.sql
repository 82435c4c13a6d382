-- aias_private.has_live_tick: whether what a schedule started earlier still goes on.
--
-- Promise   goes by what is there: a tick whose execution or job is gone (removed, lost with the job table) does not hold the
--           schedule up for ever; it is settled as failed.
-- Plan      schedule_ticks_open_idx.
-- requires: aias_private.job_state
-- requires: aias_private.settle_tick
create or replace function aias_private.has_live_tick(
    p_tenant uuid,
    p_schedule uuid,
    p_but uuid
)
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tick aias_private.schedule_ticks;
begin
    for v_tick in
        select t.*
        from aias_private.schedule_ticks as t
        where
            t.tenant_id = p_tenant
            and t.schedule_id = p_schedule
            and t.status in ('started', 'retrying')
            and t.id <> p_but
            and not t.is_backfill
        order by t.id
    loop
        if v_tick.status = 'retrying'
            or exists (
                select
                from aias_private.executions as e
                where
                    e.tenant_id = p_tenant
                    and e.id = v_tick.execution_id
                    and e.status in ('queued', 'running', 'waiting')
            )
            or exists (select from aias_private.job_state(v_tick.job_id) as j where j.status in ('todo', 'doing'))
        then
            return true;
        end if;
        perform aias_private.settle_tick(
            p_tenant, p_schedule, v_tick.id, 'failed', '{"type": "Lost", "message": "what it had started is gone"}'
        );
    end loop;
    return false;
end;
$$;
revoke execute on function aias_private.has_live_tick(uuid, uuid, uuid) from public;
comment on function aias_private.has_live_tick(uuid, uuid, uuid) is
'Whether what a schedule started earlier still goes on.';
