-- aias_private.advance_backfill: run the next due times of a backfill.
--
-- Caller    the scheduler that claimed it, in the same transaction.
-- Promise   a due time that has its tick is left alone. The backfill is finished when p_done_to reaches its end.
-- requires: aias_private.start_tick
create or replace function aias_private.advance_backfill(
    p_tenant uuid,
    p_schedule uuid,
    p_backfill uuid,
    p_due timestamptz[],
    p_done_to timestamptz
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_due timestamptz;
    v_count integer := 0;
begin
    foreach v_due in array p_due loop
        v_count := v_count + aias_private.start_tick(p_tenant, p_schedule, v_due, true)::integer;
    end loop;
    update aias_private.schedule_backfills as b
    set
        done_to = p_done_to,
        started_count = b.started_count + v_count,
        finished_at = case when p_done_to >= b.to_at then aias_private.now() end
    where b.tenant_id = p_tenant and b.schedule_id = p_schedule and b.id = p_backfill;
end;
$$;
revoke execute on function aias_private.advance_backfill(uuid, uuid, uuid, timestamptz[], timestamptz) from public;
grant execute on function aias_private.advance_backfill(uuid, uuid, uuid, timestamptz[], timestamptz) to aias_worker;
comment on function aias_private.advance_backfill(uuid, uuid, uuid, timestamptz[], timestamptz) is
'Runs the next due times of a backfill.';
