-- aias_private.requeue_dead_job: enqueue a dead job again, from its dead letter.
--
-- Caller    aias.requeue_dead_letter, which has authorised the caller, found the letter open and marks it resolved.
-- Promise   a fresh job of the same task, arguments, queue, priority, lock and tenant, due at once, with no attempts behind
--           it; its id. The failed row of the old job is removed: the letter has it.
-- Errors    JR404 no such letter of a job; JR409 it can't be loaded.
create or replace function aias_private.requeue_dead_job(
    p_tenant uuid,
    p_dead_letter uuid
)
returns bigint
language plpgsql
volatile
security definer
set search_path = public, pg_temp
as $$
declare
    v_letter aias_private.dead_letters;
    v_job bigint;
begin
    select d.* into v_letter
    from aias_private.dead_letters as d
    where d.tenant_id = p_tenant and d.id = p_dead_letter and d.kind = 'job'
    for update;
    if not found then
        raise exception 'there is no dead letter % of a job', p_dead_letter
            using errcode = 'JR404', column = 'p_dead_letter';
    end if;
    if not v_letter.snapshot ? 'args' then
        raise exception 'the dead letter % holds a job that can''t be loaded', p_dead_letter
            using errcode = 'JR409', column = 'p_dead_letter';
    end if;
    delete from procrastinate_jobs as j
    where j.id = v_letter.job_id and j.status in ('failed', 'aborted', 'cancelled');
    insert into procrastinate_jobs (task_name, args, queue_name, priority, lock, tenant_id, workflow_id, limit_key)
    values (
        v_letter.snapshot ->> 'task_name',
        v_letter.snapshot -> 'args',
        v_letter.snapshot ->> 'queue_name',
        (v_letter.snapshot ->> 'priority')::integer,
        v_letter.snapshot ->> 'lock',
        (v_letter.snapshot ->> 'tenant_id')::uuid,
        (v_letter.snapshot ->> 'workflow_id')::uuid,
        v_letter.snapshot ->> 'limit_key'
    )
    returning id into v_job;
    return v_job;
end;
$$;
revoke execute on function aias_private.requeue_dead_job(uuid, uuid) from public;
comment on function aias_private.requeue_dead_job(uuid, uuid) is 'Enqueues a dead job again and returns the new job''s id.';
