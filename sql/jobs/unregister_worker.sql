-- aias_private.unregister_worker: a worker ends.
--
-- Promise   the worker's rows are gone. Jobs that it still held (it gave up) are held by nobody, and the next sweep
--           rescues them without waiting for a lease.
create or replace function aias_private.unregister_worker(p_worker bigint)
returns void
language sql
volatile
security definer
set search_path = public, pg_temp
as $$
    delete from procrastinate_workers as w where w.id = p_worker
$$;
revoke execute on function aias_private.unregister_worker(bigint) from public;
grant execute on function aias_private.unregister_worker(bigint) to aias_worker;
comment on function aias_private.unregister_worker(bigint) is 'Removes a worker that ends.';
