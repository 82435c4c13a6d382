-- aias_private.insert_job: enqueue a job, in the caller's transaction.
--
-- Promise   the engine's triggers note it and the workers are notified at commit. The tenant is the one that the arguments
--           name as `tenant_id`, by the convention of our own tasks; none where they do not. The workflow and the key say
--           under which pauses and limits the job falls.
-- Errors    23514 (a check of the job table) for arguments, times and names that the table refuses.
create or replace function aias_private.insert_job(
    p_task text,
    p_args jsonb,
    p_queue text,
    p_priority integer,
    p_run_at timestamptz,
    p_lock text,
    p_workflow uuid,
    p_limit_key text
)
returns bigint
language sql
volatile
security definer
set search_path = public, pg_temp
set "aias.engine_events" = 'off'
as $$
    insert into procrastinate_jobs (
        task_name, args, queue_name, priority, scheduled_at, lock, tenant_id, workflow_id, limit_key
    )
    values (
        p_task,
        p_args,
        p_queue,
        p_priority,
        p_run_at,
        p_lock,
        case
            when p_args ->> 'tenant_id' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
                then (p_args ->> 'tenant_id')::uuid
        end,
        p_workflow,
        p_limit_key
    )
    returning id
$$;
revoke execute on function
aias_private.insert_job(text, jsonb, text, integer, timestamptz, text, uuid, text)
from public;
grant execute on function
aias_private.insert_job(text, jsonb, text, integer, timestamptz, text, uuid, text)
to aias_worker;
comment on function aias_private.insert_job(text, jsonb, text, integer, timestamptz, text, uuid, text) is
'Enqueues a job and returns its id.';
