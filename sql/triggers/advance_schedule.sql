-- aias_private.advance_schedule: start what is due by a schedule, and say when it is due next.
--
-- Caller    the scheduler that claimed it, in the same transaction.
-- Promise   each due time gets its one tick; the horizon and the next time move with them. A due time whose execution can't be
--           started (workflow disabled, input refused) is a failed tick, and holds nothing up. p_missed_from says that due times
--           from then on were left out by `catch_up`; that is audited.
-- requires: aias_private.start_tick
-- requires: aias_private.record_audit
create or replace function aias_private.advance_schedule(
    p_tenant uuid,
    p_schedule uuid,
    p_due timestamptz[],
    p_horizon timestamptz,
    p_next_at timestamptz,
    p_missed_from timestamptz,
    p_problem text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_due timestamptz;
    v_schedule aias_private.schedules;
begin
    foreach v_due in array p_due loop
        perform aias_private.start_tick(p_tenant, p_schedule, v_due, false);
    end loop;
    update aias_private.schedules as s
    set horizon_at = p_horizon, next_at = coalesce(p_next_at, 'infinity'), wake_at = coalesce(p_next_at, 'infinity'), problem = p_problem
    where s.tenant_id = p_tenant and s.id = p_schedule
    returning s.* into v_schedule;
    if p_missed_from is not null then
        perform aias_private.record_audit(
            p_tenant,
            'schedule.missed',
            'schedule',
            p_schedule::text,
            jsonb_build_object(
                'name', v_schedule.name, 'from', p_missed_from, 'to', p_horizon, 'catch_up', v_schedule.catch_up,
                'started', cardinality(p_due)
            )
        );
    end if;
    if p_problem is not null then
        perform aias_private.record_audit(
            p_tenant,
            'schedule.failed',
            'schedule',
            p_schedule::text,
            jsonb_build_object('name', v_schedule.name, 'problem', p_problem)
        );
    end if;
end;
$$;
revoke execute on function
aias_private.advance_schedule(uuid, uuid, timestamptz[], timestamptz, timestamptz, timestamptz, text) from public;
grant execute on function
aias_private.advance_schedule(uuid, uuid, timestamptz[], timestamptz, timestamptz, timestamptz, text) to aias_worker;
comment on function
aias_private.advance_schedule(uuid, uuid, timestamptz[], timestamptz, timestamptz, timestamptz, text) is
'Starts what is due by a schedule and moves it to its next time.';
