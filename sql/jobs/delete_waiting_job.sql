-- aias_private.delete_waiting_job: take back a job that has not started.
--
-- Promise   true: the job is gone and will never run. False: it runs, has ended or does not exist; nothing changed.
-- Locks     the job's row: waits for a claim that is just being made, and then answers false.
create or replace function aias_private.delete_waiting_job(p_job bigint)
returns boolean
language plpgsql
volatile
security definer
set search_path = public, pg_temp
as $$
begin
    delete from procrastinate_jobs as j where j.id = p_job and j.status = 'todo';
    return found;
end;
$$;
revoke execute on function aias_private.delete_waiting_job(bigint) from public;
grant execute on function aias_private.delete_waiting_job(bigint) to aias_worker;
comment on function aias_private.delete_waiting_job(bigint) is 'Deletes a job that has not started; false when it has.';
