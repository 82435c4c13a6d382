-- aias_private.postpone_schedule: look at a schedule that can't be advanced again in a minute.
--
-- Caller    the scheduler, after an error that it did not foresee, in a transaction of its own: the other schedules go on.
-- Promise   its due times are kept: they run (as `catch_up` says) when it can be advanced again.
-- requires: aias_private.record_audit
create or replace function aias_private.postpone_schedule(
    p_tenant uuid,
    p_schedule uuid,
    p_problem text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update aias_private.schedules as s
    set wake_at = aias_private.now() + interval '1 minute', problem = left(p_problem, 1000)
    where s.tenant_id = p_tenant and s.id = p_schedule and s.wake_at < 'infinity';
    if found then
        perform aias_private.record_audit(
            p_tenant, 'schedule.failed', 'schedule', p_schedule::text, jsonb_build_object('problem', left(p_problem, 1000))
        );
    end if;
end;
$$;
revoke execute on function aias_private.postpone_schedule(uuid, uuid, text) from public;
grant execute on function aias_private.postpone_schedule(uuid, uuid, text) to aias_worker;
comment on function aias_private.postpone_schedule(uuid, uuid, text) is
'Puts a schedule that can''t be advanced off for a minute, with its problem.';
