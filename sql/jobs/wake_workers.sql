-- aias_private.wake_workers: tell idle workers that a job of a queue is ready.
--
-- Why       the engine notifies when a job is inserted; one that becomes ready by an update (put back, retried at once,
--           its lock released) would wait for the next poll. The channels and the payload are the engine's own.
create or replace function aias_private.wake_workers(p_queue text, p_job bigint)
returns void
language sql
volatile
set search_path = public, pg_temp
as $$
    select
        pg_notify('procrastinate_queue_v1#' || p_queue, n.payload),
        pg_notify('procrastinate_any_queue_v1', n.payload)
    from (select json_build_object('type', 'job_inserted', 'job_id', p_job)::text as payload) as n
    where octet_length(p_queue) <= 40
$$;
revoke execute on function aias_private.wake_workers(text, bigint) from public;
comment on function aias_private.wake_workers(text, bigint) is 'Wakes the idle workers of a queue, when the transaction commits.';
