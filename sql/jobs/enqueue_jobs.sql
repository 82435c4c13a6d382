-- aias.enqueue_jobs: hand many tasks to the workers at once.
--
-- Caller    p_jobs is an array of at most 10,000 objects {"task", "args", "tenant", "lane", "run_at", "idempotency_key"}, each as
--           the argument of enqueue_job of that name.
-- Promise   one row per item, in order: the job's id, or what enqueue_job refuses it with; a bad item fails alone. What is plain
--           is written by one statement; anything else (a key, a schema, whatever is not sure to be right) goes through
--           enqueue_job, which has the rules. One audit row per call and tenant for the former.
-- Errors    JR422 p_jobs is no such array.
-- requires: aias.enqueue_job
-- requires: aias_private.record_audit
create or replace function aias.enqueue_jobs(p_jobs jsonb)
returns table (
    place integer,
    job_id bigint,
    error_code text,
    error_message text,
    error_argument text,
    error_detail text
)
language plpgsql
volatile
security definer
set search_path = public, pg_temp
set "aias.engine_events" = 'off'
as $$
#variable_conflict use_column
declare
    v_sees_all constant boolean := aias_private.caller_sees_all();
    v_own constant uuid := aias_private.caller_tenant();
    v_ids bigint[];
    v_item record;
begin
    if p_jobs is null or jsonb_typeof(p_jobs) <> 'array' or jsonb_array_length(p_jobs) > 10000 then
        raise exception 'the jobs are a JSON array of at most 10,000'
            using errcode = 'JR422', column = 'p_jobs';
    end if;
    with items as materialized (
        select i.place, i.job, i.job -> 'args' as args, i.job ->> 'tenant' as tenant
        from jsonb_array_elements(p_jobs) with ordinality as i(job, place)
    ),
    tenants as materialized (
        select t.id, t.slug, p.lane
        from aias_private.tenants as t
        inner join aias_private.plans as p on p.name = t.plan
        where
            t.slug in (select i.tenant from items as i)
            and (v_sees_all or t.id is not distinct from v_own)
    ),
    plain as materialized (
        select
            nextval('procrastinate_jobs_id_seq') as id,
            i.place,
            i.job ->> 'task' as task,
            coalesce(i.args, '{}') as args,
            l.queue_name,
            l.base_priority,
            (i.job ->> 'run_at')::timestamptz as run_at,
            t.id as tenant_id
        from items as i
        left join tenants as t on t.slug = i.tenant
        inner join aias_private.lanes as l on l.name = coalesce(i.job ->> 'lane', t.lane, 'maintenance')
        where
            (t.id is not null or (i.tenant is null and v_sees_all))
            and i.job ->> 'idempotency_key' is null
            and length(i.job ->> 'task') between 1 and 128
            and not exists (select from aias_private.task_schemas as s where s.task_name = i.job ->> 'task')
            and coalesce(jsonb_typeof(i.args), 'object') = 'object'
            and aias_private.is_safe_args(coalesce(i.args, '{}'))
            -- a form, and days that every month has: nothing of it can fail to be a time
            and coalesce(
                i.job ->> 'run_at' ~ (
                    '^[2-8]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d'
                    '(\.\d{1,6})?[+-](0\d|1[0-3]):[0-5]\d$'
                ),
                true
            )
        order by i.place
    ),
    -- the turns that stamp_job would give row by row; 0, for a class that has no clock yet and for later jobs, is left to it
    turns as materialized (
        select
            g.queue_name,
            g.base_priority,
            g.tenant_id,
            greatest(
                c.virtual_time,
                (
                    select j.virtual_time
                    from procrastinate_jobs as j
                    where
                        j.status = 'todo'
                        and j.scheduled_at is null
                        and j.parked_for is null
                        and j.queue_name = g.queue_name
                        and j.priority = g.base_priority
                        and coalesce(j.tenant_id, '00000000-0000-0000-0000-000000000000')
                        = coalesce(g.tenant_id, '00000000-0000-0000-0000-000000000000')
                    order by j.virtual_time desc
                    limit 1
                ),
                0
            ) as last
        from (select distinct p.queue_name, p.base_priority, p.tenant_id from plain as p where p.run_at is null) as g
        inner join aias_private.queue_clocks as c on c.queue_name = g.queue_name and c.priority = g.base_priority
    ),
    inserted as (
        insert into procrastinate_jobs (
            id, task_name, args, queue_name, priority, scheduled_at, tenant_id, virtual_time
        )
        select
            p.id,
            p.task,
            p.args,
            p.queue_name,
            p.base_priority,
            p.run_at,
            p.tenant_id,
            coalesce(
                t.last + row_number() over (
                    partition by p.queue_name, p.base_priority, p.tenant_id, p.run_at is null
                    order by p.place
                ),
                0
            )
        from plain as p
        left join turns as t
            on
                p.run_at is null
                and t.queue_name = p.queue_name
                and t.base_priority = p.base_priority
                and t.tenant_id is not distinct from p.tenant_id
        order by p.place
    ),
    audited as (
        select
            aias_private.record_audit(
                c.tenant_id,
                'job.enqueued',
                'job',
                c.first_id::text,
                jsonb_build_object('count', c.count, 'last_id', c.last_id, 'tasks', c.tasks)
            )
        from (
            select
                p.tenant_id,
                min(p.id) as first_id,
                max(p.id) as last_id,
                count(*) as count,
                to_jsonb((array_agg(distinct p.task))[1:20]) as tasks
            from plain as p
            group by p.tenant_id
        ) as c
    )
    select array_agg(p.id order by i.place) into v_ids
    from items as i
    left join plain as p on p.place = i.place
    -- not read, but to be done
    where (select count(*) from audited) >= 0;
    for v_item in
        select i.place, i.job
        from jsonb_array_elements(p_jobs) with ordinality as i(job, place)
        order by i.place
    loop
        place := v_item.place;
        job_id := v_ids[v_item.place];
        error_code := null;
        error_message := null;
        error_argument := null;
        error_detail := null;
        if job_id is null then
            begin
                job_id := aias.enqueue_job(
                    v_item.job ->> 'task',
                    coalesce(v_item.job -> 'args', '{}'),
                    v_item.job ->> 'tenant',
                    v_item.job ->> 'lane',
                    (v_item.job ->> 'run_at')::timestamptz,
                    v_item.job ->> 'idempotency_key'
                );
            exception
                when others then
                    if left(sqlstate, 2) not in ('JR', '22') then
                        raise;
                    end if;
                    error_code := case when sqlstate like 'JR%' then sqlstate else 'JR422' end;
                    get stacked diagnostics
                        error_message = message_text,
                        error_argument = column_name,
                        error_detail = pg_exception_detail;
            end;
        end if;
        return next;
    end loop;
end;
$$;
revoke execute on function aias.enqueue_jobs(jsonb) from public;
grant execute on function aias.enqueue_jobs(jsonb) to aias_app, aias_admin, aias_worker;
comment on function aias.enqueue_jobs(jsonb) is
'Enqueues many jobs in the caller''s transaction and gives, in order, the id of each or why it was refused.';
