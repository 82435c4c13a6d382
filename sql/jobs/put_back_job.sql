-- aias_private.put_back_job: let a running job wait again.
--
-- Caller    functions of this folder that hold the row's lock and have found the job running.
-- Promise   it waits, held by nobody; attempts grows by one when the attempt counts, rescue_count when its worker died. A job
--           whose stop was asked for ends `aborted` instead. In another lane it takes that lane's priority. Workers are woken
--           when it is ready at once.
-- Returns   the status that it has now.
-- requires: aias_private.wake_workers
-- requires: aias_private.free_limits
-- requires: aias_private.wake_lock_waiters
create or replace function aias_private.put_back_job(
    p_job bigint,
    p_is_attempt boolean,
    p_is_rescue boolean,
    p_delay interval,
    p_priority integer,
    p_queue text,
    p_lock text,
    p_error jsonb
)
returns text
language plpgsql
volatile
set search_path = public, pg_temp
as $$
declare
    v_job procrastinate_jobs;
    v_old_lock text;
    v_now constant timestamptz := aias_private.now();
begin
    select j.lock into strict v_old_lock from procrastinate_jobs as j where j.id = p_job for update;
    update procrastinate_jobs as j
    set
        status = case when j.abort_requested then 'aborted' else 'todo' end::procrastinate_job_status,
        abort_requested = false,
        worker_id = null,
        attempts = j.attempts + p_is_attempt::integer,
        rescue_count = j.rescue_count + p_is_rescue::integer,
        scheduled_at = case
            when p_delay is null then j.scheduled_at
            when p_delay > interval '0' then least(v_now + p_delay, timestamptz '9999-12-31 00:00:00+00')
        end,
        priority = coalesce(
            p_priority,
            (select l.base_priority from aias_private.lanes as l where l.queue_name = p_queue),
            j.priority
        ),
        queue_name = coalesce(p_queue, j.queue_name),
        lock = coalesce(p_lock, j.lock),
        last_error = coalesce(p_error, j.last_error)
    where j.id = p_job
    returning j.* into v_job;
    if v_job.status = 'todo' and (v_job.scheduled_at is null or v_job.scheduled_at <= v_now) then
        perform aias_private.wake_workers(v_job.queue_name, p_job);
    end if;
    perform aias_private.wake_lock_waiters(v_old_lock);
    perform aias_private.free_limits(array[v_job.tenant_id], array[v_job.workflow_id], array[v_job.limit_key]);
    return v_job.status;
end;
$$;
revoke execute on function
aias_private.put_back_job(bigint, boolean, boolean, interval, integer, text, text, jsonb)
from public;
comment on function aias_private.put_back_job(bigint, boolean, boolean, interval, integer, text, text, jsonb) is
'Lets a running job wait again, or ends it aborted when its stop was asked for.';
