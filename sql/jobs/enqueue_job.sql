-- aias.enqueue_job: hand a task to the workers.
--
-- Promise   the job is part of the caller's transaction: if that rolls back, nothing runs. The same idempotency key with
--           the same task, arguments and lane returns the same job id, even after the job has ended. A job of no
--           tenant (p_tenant null) is for administrators; its lane is `maintenance` unless another is named.
-- Errors    JR404 no such tenant or lane; JR409 the key stands for another job; JR422 an argument is not valid, or
--           the arguments do not fit the task's schema.
-- requires: aias_private.record_audit
create or replace function aias.enqueue_job(
    p_task text,
    p_args jsonb default '{}',
    p_tenant text default null,
    p_lane text default null,
    p_run_at timestamptz default null,
    p_idempotency_key text default null
)
returns bigint
language plpgsql
volatile
security definer
set search_path = public, pg_temp
set "aias.engine_events" = 'off'
as $$
declare
    v_sees_all constant boolean := aias_private.caller_sees_all();
    v_tenant uuid;
    v_lane text;
    v_queue text;
    v_priority integer;
    v_schema jsonb;
    v_hash bytea;
    v_known aias_private.idempotency_keys;
    v_job bigint;
begin
    -- all that the call names, looked up at once: a statement costs as much as the four rows
    select t.id, l.name, l.queue_name, l.base_priority, s.schema
    into v_tenant, v_lane, v_queue, v_priority, v_schema
    from (values (p_tenant, p_lane, p_task)) as a (tenant, lane, task)
    left join aias_private.tenants as t
        on t.slug = a.tenant and (v_sees_all or t.id is not distinct from aias_private.caller_tenant())
    left join aias_private.plans as p on p.name = t.plan
    left join aias_private.lanes as l on l.name = coalesce(a.lane, p.lane, 'maintenance')
    left join aias_private.task_schemas as s on s.task_name = a.task;
    if v_tenant is null and (p_tenant is not null or not v_sees_all) then
        raise exception 'there is no tenant %', coalesce(quote_literal(p_tenant), 'null')
            using errcode = 'JR404', column = 'p_tenant';
    end if;
    if p_task is null or length(p_task) not between 1 and 128 then
        raise exception 'the name of a task has 1 to 128 characters, not %', coalesce(length(p_task)::text, 'null')
            using errcode = 'JR422', column = 'p_task';
    end if;
    if p_args is null or jsonb_typeof(p_args) <> 'object' then
        raise exception '$: the arguments of a job are a JSON object, not %', coalesce(jsonb_typeof(p_args), 'null')
            using errcode = 'JR422', column = 'p_args';
    end if;
    if not aias_private.is_safe_args(p_args) then
        raise exception '$: too large, too deeply nested, or a number out of range'
            using
                errcode = 'JR422',
                column = 'p_args',
                detail = 'At most 1,000,000 bytes and 64 levels; numbers below 1e308 with at most 400 decimals.';
    end if;
    if p_run_at is not null and not (
        isfinite(p_run_at) and p_run_at between '2000-01-01 00:00:00+00' and '9000-01-01 00:00:00+00'
    ) then
        raise exception 'a time to run lies between the years 2000 and 9000, not at %', p_run_at
            using errcode = 'JR422', column = 'p_run_at';
    end if;
    if v_lane is null then
        raise exception 'there is no lane %', quote_literal(p_lane) using errcode = 'JR404', column = 'p_lane';
    end if;
    if v_schema is not null then
        perform aias_private.assert_json_input('p_args', p_args, v_schema, 1000000);
    end if;
    if p_idempotency_key is not null then
        if v_tenant is null then
            raise exception 'an idempotency key belongs to a tenant: name one'
                using errcode = 'JR422', column = 'p_tenant';
        end if;
        if length(p_idempotency_key) not between 1 and 255 then
            raise exception 'an idempotency key has 1 to 255 characters, not %', length(p_idempotency_key)
                using errcode = 'JR422', column = 'p_idempotency_key';
        end if;
        v_hash := sha256(
            convert_to(
                jsonb_build_object('task', p_task, 'args', p_args, 'lane', v_lane)::text,
                'UTF8'
            )
        );
        v_job := nextval('procrastinate_jobs_id_seq');
        -- waits for another transaction that is just making the same key
        insert into aias_private.idempotency_keys (tenant_id, scope, key, target, request_hash)
        values (v_tenant, 'job', p_idempotency_key, v_job::text, v_hash)
        on conflict (tenant_id, scope, key) do nothing;
        if not found then
            select k.* into strict v_known
            from aias_private.idempotency_keys as k
            where k.tenant_id = v_tenant and k.scope = 'job' and k.key = p_idempotency_key;
            if v_known.request_hash <> v_hash then
                raise exception 'the idempotency key % stands for another job', quote_literal(p_idempotency_key)
                    using errcode = 'JR409', column = 'p_idempotency_key';
            end if;
            return v_known.target::bigint;
        end if;
    end if;
    insert into procrastinate_jobs (id, task_name, args, queue_name, priority, scheduled_at, tenant_id)
    values (
        coalesce(v_job, nextval('procrastinate_jobs_id_seq')),
        p_task,
        p_args,
        v_queue,
        v_priority,
        p_run_at,
        v_tenant
    )
    returning id into v_job;
    perform aias_private.record_audit(
        v_tenant,
        'job.enqueued',
        'job',
        v_job::text,
        jsonb_build_object('task', p_task, 'lane', v_lane)
    );
    return v_job;
end;
$$;
revoke execute on function aias.enqueue_job(text, jsonb, text, text, timestamptz, text) from public;
grant execute on function aias.enqueue_job(text, jsonb, text, text, timestamptz, text)
to aias_app, aias_admin, aias_worker;
comment on function aias.enqueue_job(text, jsonb, text, text, timestamptz, text) is
'Enqueues a job of a task in the caller''s transaction and returns its id; an idempotency key makes it repeatable.';
