-- aias_private.notify_inserted_jobs: wake the workers once per statement and queue, not twice per job.
--
-- Why       the engine's own trigger sends two notifications a row with the row's id in each, so that 20,000 jobs are
--           40,000 notifications to every worker. The channels and the payload's form are the engine's: its own
--           workers hear these as well.
create or replace function aias_private.notify_inserted_jobs()
returns trigger
language plpgsql
volatile
security definer
set search_path = public, pg_temp
as $$
declare
    v_queue record;
begin
    for v_queue in
        select i.queue_name, min(i.id) as id
        from inserted as i
        where i.status = 'todo'
        group by i.queue_name
    loop
        perform
            pg_notify('procrastinate_queue_v1#' || v_queue.queue_name, n.payload),
            pg_notify('procrastinate_any_queue_v1', n.payload)
        from (select json_build_object('type', 'job_inserted', 'job_id', v_queue.id)::text as payload) as n;
    end loop;
    return null;
end;
$$;
revoke execute on function aias_private.notify_inserted_jobs() from public;
comment on function aias_private.notify_inserted_jobs() is 'Wakes the workers of the queues that a statement inserted into.';

drop trigger if exists procrastinate_jobs_notify_queue_job_inserted_v1 on public.procrastinate_jobs;

create or replace trigger aias_notify_inserted_jobs
after insert on public.procrastinate_jobs
referencing new table as inserted
for each statement
execute function aias_private.notify_inserted_jobs();
