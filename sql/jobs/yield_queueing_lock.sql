-- aias_private.yield_queueing_lock: a job that goes back to waiting gives up its queueing lock to a twin that waits already.
--
-- Why       the engine's unique index allows one waiting job per queueing lock. While a job runs, a twin may be enqueued;
--           the engine's retry of the first then fails on the index and the job stays `doing` for ever. The
--           twin stands for the pending work, so the job that ran already keeps its retry and loses the lock.
-- Caller    every path from running to waiting: ours, the engine's own functions, its shell.
-- Race      a twin that commits between this look and the update still meets the index; callers repeat the write.
create or replace function aias_private.yield_queueing_lock()
returns trigger
language plpgsql
volatile
security definer
set search_path = public, pg_temp
as $$
begin
    if exists (
        select from procrastinate_jobs as j
        where j.queueing_lock = new.queueing_lock and j.status = 'todo' and j.id <> new.id
    ) then
        new.queueing_lock := null;
    end if;
    return new;
end;
$$;
revoke execute on function aias_private.yield_queueing_lock() from public;
comment on function aias_private.yield_queueing_lock() is
'Drops the queueing lock of a job that goes back to waiting while another waits under the same one.';

create or replace trigger aias_yield_queueing_lock
before update of status on public.procrastinate_jobs
for each row
when (old.status <> 'todo' and new.status = 'todo' and new.queueing_lock is not null)
execute function aias_private.yield_queueing_lock();
