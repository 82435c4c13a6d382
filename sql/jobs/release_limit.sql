-- aias_private.release_limit: a limit has changed; let go what it held, for the next claims to judge anew.
--
-- Caller    aias.set_limit, aias.remove_limit.
-- Promise   jobs that its rate gave a time are ready; of those parked for its number as many as there is room for now. Starts of
--           the past still count under a new rate.
-- requires: aias_private.limit_state
-- requires: aias_private.unpark_jobs
create or replace function aias_private.release_limit(p_key text)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_room integer;
begin
    perform aias_private.unpark_jobs('rate:' || p_key, null);
    update aias_private.rate_states as r set promised_until = null where r.key = p_key;
    select greatest(s.max_running - s.running_count, 0) into v_room from aias_private.limit_state(p_key) as s;
    perform aias_private.unpark_jobs('limit:' || p_key, v_room);
end;
$$;
revoke execute on function aias_private.release_limit(text) from public;
comment on function aias_private.release_limit(text) is 'Lets go what a limit held that has changed.';
