-- aias.find_jobs: a page of the queue's jobs, the newest first.
--
-- Caller    lists: the view aias.jobs shows the same, but is a barrier to the planner, which then reads and sorts all of a
--           tenant's jobs for any page.
-- Promise   a confined caller finds its own tenant's only, whatever p_tenant says. Arguments that are null don't narrow.
--           p_before is the last id of the page before.
-- Plan      the engine's primary key from p_before on.
-- Errors    JR422 p_limit is out of range.
-- requires: aias_private.list_scope
create or replace function aias.find_jobs(
    p_tenant uuid default null,
    p_status text default null,
    p_lane text default null,
    p_task text default null,
    p_before bigint default null,
    p_limit integer default 50
)
returns table (
    id bigint,
    tenant text,
    task text,
    lane text,
    status text,
    priority integer,
    run_at timestamptz,
    attempt_count integer,
    rescue_count integer,
    last_error jsonb,
    created_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    v_tenant uuid;
    v_now constant timestamptz := aias_private.now();
begin
    select s.tenant_id into v_tenant from aias_private.list_scope(p_tenant, p_limit) as s;
    if not found then
        return;
    end if;
    return query
    select
        j.id,
        t.slug,
        j.task_name::text,
        coalesce(l.name, j.queue_name::text),
        j.shown_status,
        j.priority,
        j.scheduled_at,
        j.attempts,
        j.rescue_count,
        j.last_error,
        j.created_at
    from (
        select
            x.tenant_id,
            x.id,
            x.task_name,
            x.queue_name,
            x.priority,
            x.scheduled_at,
            x.attempts,
            x.rescue_count,
            x.last_error,
            x.created_at,
            s.shown_status
        from public.procrastinate_jobs as x
        cross join lateral (
            select
                case x.status::text
                    when 'todo' then case when x.scheduled_at > v_now then 'scheduled' else 'waiting' end
                    when 'doing' then case when x.abort_requested then 'stopping' else 'running' end
                    else x.status::text
                end as shown_status
        ) as s
        where
            (v_tenant is null or x.tenant_id = v_tenant)
            and (p_status is null or s.shown_status = p_status)
            and (p_task is null or x.task_name = p_task)
            and (
                p_lane is null
                or x.queue_name = coalesce(
                    (select n.queue_name from aias_private.lanes as n where n.name = p_lane), p_lane
                )
            )
            and (p_before is null or x.id < p_before)
        order by x.id desc
        limit p_limit
    ) as j
    left join aias_private.tenants as t on j.tenant_id = t.id
    left join aias_private.lanes as l on j.queue_name = l.queue_name
    order by j.id desc;
end;
$$;
revoke execute on function aias.find_jobs(uuid, text, text, text, bigint, integer) from public;
grant execute on function aias.find_jobs(uuid, text, text, text, bigint, integer)
to aias_app, aias_admin, aias_worker, aias_analyst;
comment on function aias.find_jobs(uuid, text, text, text, bigint, integer) is
'A page of the queue''s jobs, the newest first, narrowed by what is given; without arguments. Fast however many there are.';
