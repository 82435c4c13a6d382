-- aias_private.turn_telemetry_keys: empty the side of the keys that is out of date, and fill it from now on.
--
-- Caller    the system's periodic work, every minute.
-- Promise   nothing unless the filled side is 7 days old: then every key of the other one is older than that, and no event is
--           looked for there any more. It is emptied whole. If it is not done in time nothing is wrong, only slower.
-- Locks     telemetry_keys, exclusively, for a moment; who waits for longer than p_patience gives up, and says so.
-- Errors    lock_not_available somebody has been storing events for longer than that.
create or replace function aias_private.turn_telemetry_keys(p_patience interval default '2 seconds')
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := aias_private.now();
    v_sides aias_private.telemetry_sides;
begin
    select s.* into strict v_sides from aias_private.telemetry_sides as s;
    if v_sides.opened_at > v_now - interval '7 days' then
        return false;
    end if;
    perform set_config('lock_timeout', (extract(epoch from p_patience) * 1000)::integer::text, true);
    lock table aias_private.telemetry_keys in access exclusive mode;
    -- another one may have done it while this one waited
    select s.* into strict v_sides from aias_private.telemetry_sides as s;
    if v_sides.opened_at > v_now - interval '7 days' then
        return false;
    end if;
    if v_sides.side = 0 then
        truncate aias_private.telemetry_keys_1;
    else
        truncate aias_private.telemetry_keys_0;
    end if;
    update aias_private.telemetry_sides
    set side = 1 - v_sides.side, opened_at = v_now, has_other = true;
    return true;
end;
$$;
revoke execute on function aias_private.turn_telemetry_keys(interval) from public;
grant execute on function aias_private.turn_telemetry_keys(interval) to aias_worker, aias_admin;
comment on function aias_private.turn_telemetry_keys(interval) is
'Empties the keys of events that are too old to be repeated, once in 7 days, and says whether it was time.';
