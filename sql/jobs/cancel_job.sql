-- aias.cancel_job: see to it that a job does not run, or does not go on.
--
-- Promise   `cancelled`: it had not started and never will. `stopping`: it runs, and its worker was asked to stop it; it ends
--           `aborted`, unless it is done first.
-- Errors    JR404 no such job; JR409 it has ended.
-- requires: aias_private.assert_job_visible
-- requires: aias_private.record_audit
create or replace function aias.cancel_job(p_job bigint)
returns text
language plpgsql
volatile
security definer
set search_path = public, pg_temp
as $$
declare
    v_job procrastinate_jobs;
    v_status procrastinate_job_status;
begin
    perform aias_private.assert_job_visible(p_job);
    select j.status into v_status from procrastinate_jobs as j where j.id = p_job for update;
    update procrastinate_jobs as j
    set
        status = case when j.status = 'todo' then 'cancelled' else j.status end,
        abort_requested = j.status = 'doing'
    where j.id = p_job and j.status in ('todo', 'doing')
    returning j.* into v_job;
    if not found then
        raise exception 'the job % has ended', p_job using errcode = 'JR409', column = 'p_job';
    end if;
    perform aias_private.record_audit(
        v_job.tenant_id,
        'job.cancelled',
        'job',
        p_job::text,
        jsonb_build_object(
            'task', v_job.task_name,
            'status', v_job.status,
            'abort_requested', v_job.abort_requested,
            'before', jsonb_build_object('status', v_status)
        )
    );
    return case when v_job.status = 'cancelled' then 'cancelled' else 'stopping' end;
end;
$$;
revoke execute on function aias.cancel_job(bigint) from public;
grant execute on function aias.cancel_job(bigint) to aias_app, aias_admin, aias_worker;
comment on function aias.cancel_job(bigint) is
'Cancels a waiting job, asks a running one to stop, and says which: cancelled or stopping.';
