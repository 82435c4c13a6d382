-- aias_private.record_heartbeat: a worker is alive.
--
-- Promise   true: its lease goes on from now. False: the worker was given up and its jobs are others' now; it must stop what it
--           holds and register again. Waits for a sweep that is just deciding about it.
create or replace function aias_private.record_heartbeat(
    p_worker bigint,
    p_status text,
    p_running_count integer
)
returns boolean
language plpgsql
volatile
security definer
set search_path = public, pg_temp
as $$
begin
    update procrastinate_workers as w set last_heartbeat = clock_timestamp() where w.id = p_worker;
    if not found then
        return false;
    end if;
    update aias_private.workers as w
    set status = p_status, running_count = p_running_count
    where w.id = p_worker and (w.status, w.running_count) is distinct from (p_status, p_running_count);
    return true;
end;
$$;
revoke execute on function aias_private.record_heartbeat(bigint, text, integer) from public;
grant execute on function aias_private.record_heartbeat(bigint, text, integer) to aias_worker;
comment on function aias_private.record_heartbeat(bigint, text, integer) is
'Renews a worker''s lease; false when it has lost it.';
