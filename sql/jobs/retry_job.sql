-- aias.retry_job: run a job again, or now.
--
-- Promise   a job that failed, was aborted or cancelled is enqueued afresh, with no attempts behind it, under a new id; its old
--           row goes and its open dead letter is resolved. A job that waits for its time (a retry, a schedule) is
--           brought forward and keeps its id. Returns the id of the job that runs.
-- Errors    JR404 no such job; JR409 it is running.
-- requires: aias_private.assert_job_visible
-- requires: aias_private.caller_actor
-- requires: aias_private.record_audit
-- requires: aias_private.wake_workers
create or replace function aias.retry_job(p_job bigint)
returns bigint
language plpgsql
volatile
security definer
set search_path = public, pg_temp
as $$
declare
    v_job procrastinate_jobs;
    v_id bigint := p_job;
begin
    perform aias_private.assert_job_visible(p_job);
    select j.* into v_job from procrastinate_jobs as j where j.id = p_job for update;
    if v_job.status = 'doing' then
        raise exception 'the job % is running', p_job using errcode = 'JR409', column = 'p_job';
    elsif v_job.status = 'todo' then
        update procrastinate_jobs as j set scheduled_at = null, parked_for = null where j.id = p_job;
        perform aias_private.wake_workers(v_job.queue_name, p_job);
    else
        delete from procrastinate_jobs as j where j.id = p_job;
        insert into procrastinate_jobs (
            task_name, args, queue_name, priority, lock, tenant_id, workflow_id, limit_key
        )
        values (
            v_job.task_name,
            v_job.args,
            v_job.queue_name,
            v_job.priority,
            v_job.lock,
            v_job.tenant_id,
            v_job.workflow_id,
            v_job.limit_key
        )
        returning id into v_id;
        update aias_private.dead_letters as d
        set resolution = 'requeued', resolved_at = aias_private.now(), resolved_by = aias_private.caller_actor()
        where d.kind = 'job' and d.job_id = p_job and d.resolution is null;
    end if;
    perform aias_private.record_audit(
        v_job.tenant_id,
        'job.retried',
        'job',
        p_job::text,
        jsonb_build_object(
            'task', v_job.task_name,
            'job_id', v_id,
            'status', 'todo',
            'before', jsonb_strip_nulls(
                jsonb_build_object('status', v_job.status, 'scheduled_at', v_job.scheduled_at, 'parked_for', v_job.parked_for)
            )
        )
    );
    return v_id;
end;
$$;
revoke execute on function aias.retry_job(bigint) from public;
grant execute on function aias.retry_job(bigint) to aias_app, aias_admin;
comment on function aias.retry_job(bigint) is
'Enqueues an ended job afresh, or brings a waiting one forward, and returns the id of the job that runs.';
