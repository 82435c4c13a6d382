-- aias_private.abort_job: see to it that a job does not go on.
--
-- Promise   a waiting job is deleted; a running one is asked to stop: its worker is notified and cancels it, and it ends
--           `aborted`. False: it has ended or does not exist.
-- requires: aias_private.delete_waiting_job
create or replace function aias_private.abort_job(p_job bigint)
returns boolean
language plpgsql
volatile
security definer
set search_path = public, pg_temp
as $$
begin
    if aias_private.delete_waiting_job(p_job) then
        return true;
    end if;
    update procrastinate_jobs as j set abort_requested = true where j.id = p_job and j.status = 'doing';
    return found;
end;
$$;
revoke execute on function aias_private.abort_job(bigint) from public;
grant execute on function aias_private.abort_job(bigint) to aias_worker;
comment on function aias_private.abort_job(bigint) is 'Deletes a waiting job, asks a running one to stop; false when there is neither.';
