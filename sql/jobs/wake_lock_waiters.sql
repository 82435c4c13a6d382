-- aias_private.wake_lock_waiters: a lock is free again; wake the workers of the next job that needs it.
--
-- Caller    whatever ends or puts back a running job. Does nothing, and reads nothing, without a lock.
-- requires: aias_private.wake_workers
create or replace function aias_private.wake_lock_waiters(p_lock text)
returns void
language plpgsql
volatile
set search_path = public, pg_temp
as $$
declare
    v_next record;
begin
    if p_lock is null then
        return;
    end if;
    select j.id, j.queue_name into v_next
    from procrastinate_jobs as j
    where
        j.lock = p_lock
        and j.status = 'todo'
        and (j.scheduled_at is null or j.scheduled_at <= aias_private.now())
    order by j.priority desc, j.id
    limit 1;
    if found then
        perform aias_private.wake_workers(v_next.queue_name, v_next.id);
    end if;
end;
$$;
revoke execute on function aias_private.wake_lock_waiters(text) from public;
comment on function aias_private.wake_lock_waiters(text) is 'Wakes the workers of the next ready job of a lock.';
