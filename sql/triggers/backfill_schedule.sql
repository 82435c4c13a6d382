-- aias.backfill_schedule: run the due times of a span of the past that have not run.
--
-- Promise   a request in the caller's transaction; a scheduler works on it a hundred due times at a time. A due time that has
--           a tick is left alone, so a span may be asked for twice. The former run is not waited for.
-- Returns   the request's id (aias.schedule_backfills).
-- Errors    JR404 no such schedule; JR422 the span is empty, not finite, reaches into the future or over more than ten years.
-- requires: aias_private.caller_actor
-- requires: aias_private.record_audit
-- requires: aias_private.schedule_by_id
create or replace function aias.backfill_schedule(
    p_schedule uuid,
    p_from timestamptz,
    p_to timestamptz
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_schedule constant aias_private.schedules := aias_private.schedule_by_id(p_schedule);
    v_id uuid;
begin
    if not coalesce(
        isfinite(p_from) and isfinite(p_to) and p_from < p_to and p_to <= aias_private.now()
        and p_to - p_from <= interval '3660 days' and p_from >= '2000-01-01 00:00:00+00',
        false
    ) then
        raise exception 'a span has a beginning and a later end that is past, at most ten years on'
            using errcode = 'JR422', column = 'p_from';
    end if;
    -- the span takes its beginning in; what is computed from it comes strictly after
    insert into aias_private.schedule_backfills (tenant_id, schedule_id, from_at, to_at, done_to, requested_by)
    values (
        v_schedule.tenant_id, p_schedule, p_from, p_to, p_from - interval '1 microsecond', aias_private.caller_actor()
    )
    returning id into v_id;
    perform aias_private.record_audit(
        v_schedule.tenant_id,
        'schedule.backfilled',
        'schedule',
        p_schedule::text,
        jsonb_build_object('name', v_schedule.name, 'from', p_from, 'to', p_to, 'backfill', v_id)
    );
    perform pg_notify('aias_schedules', '');
    return v_id;
end;
$$;
revoke execute on function aias.backfill_schedule(uuid, timestamptz, timestamptz) from public;
grant execute on function aias.backfill_schedule(uuid, timestamptz, timestamptz) to aias_app, aias_admin;
comment on function aias.backfill_schedule(uuid, timestamptz, timestamptz) is
'Asks for the due times of a span of the past that have not run; returns the id of the request.';
