-- aias.business_days: the figures of the business per day, of one tenant or of all that the caller sees.
--
-- Promise   one row per day up to today (UTC), the oldest first, also where nothing happened.
-- Errors    JR404 no such tenant; JR422 p_days is out of range.
-- requires: aias_private.tenant_by_slug
-- requires: aias.execution_volume_daily
-- requires: aias.active_users_daily
-- requires: aias.integration_usage_daily
create or replace function aias.business_days(
    p_tenant text default null,
    p_days integer default 30
)
returns table (
    day date,
    active_user_count bigint,
    started_count bigint,
    succeeded_count bigint,
    failed_count bigint,
    cancelled_count bigint,
    step_count bigint,
    call_count bigint,
    call_failure_count bigint
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_today constant date := (aias_private.now() at time zone 'UTC')::date;
    v_first date;
    v_tenant uuid;
begin
    if p_days is null or p_days not between 1 and 400 then
        raise exception 'the days lie between 1 and 400, not at %', p_days using errcode = 'JR422', column = 'p_days';
    end if;
    if p_tenant is not null then
        v_tenant := aias_private.tenant_by_slug(p_tenant);
    end if;
    v_first := v_today - p_days + 1;
    return query
    select
        c.day,
        coalesce(a.daily_count, 0)::bigint,
        coalesce(v.started_count, 0)::bigint,
        coalesce(v.succeeded_count, 0)::bigint,
        coalesce(v.failed_count, 0)::bigint,
        coalesce(v.cancelled_count, 0)::bigint,
        coalesce(v.step_count, 0)::bigint,
        coalesce(i.call_count, 0)::bigint,
        coalesce(i.failure_count, 0)::bigint
    from (
        select v_first + s.n as day from generate_series(0, p_days - 1) as s(n)
    ) as c
    left join (
        select
            e.day,
            sum(e.started_count) as started_count,
            sum(e.succeeded_count) as succeeded_count,
            sum(e.failed_count) as failed_count,
            sum(e.cancelled_count) as cancelled_count,
            sum(e.step_count) as step_count
        from aias.execution_volume_daily as e
        where e.day >= v_first and (v_tenant is null or e.tenant_id = v_tenant)
        group by e.day
    ) as v on v.day = c.day
    left join (
        select u.day, sum(u.daily_count) as daily_count
        from aias.active_users_daily as u
        where u.day >= v_first and (v_tenant is null or u.tenant_id = v_tenant)
        group by u.day
    ) as a on a.day = c.day
    left join (
        select d.day, sum(d.call_count) as call_count, sum(d.failure_count) as failure_count
        from aias.integration_usage_daily as d
        where d.day >= v_first and (v_tenant is null or d.tenant_id = v_tenant)
        group by d.day
    ) as i on i.day = c.day
    order by c.day;
end;
$$;
revoke execute on function aias.business_days(text, integer) from public;
grant execute on function aias.business_days(text, integer) to aias_app, aias_worker, aias_analyst, aias_admin;
comment on function aias.business_days(text, integer) is
'The people, executions and calls of each day (UTC) up to today: of one tenant, or of all that the caller sees. Fresh to the minute.';
