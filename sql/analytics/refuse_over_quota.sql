-- aias_private.refuse_over_quota: refuse a start of an execution where a hard quota of the tenant's plan is used up.
--
-- Caller    run_workflow, launch_workflow. What runs already goes on: its steps, its children and fallbacks, and retries and
--           replays of it.
-- Promise   looks at one row that is not there for nearly everybody. Right to within a minute (the rollup notes who is over), and at
--           once when the tenant moves to a plan with more, or a month begins.
-- Errors    JR429 the quota is used up; until when stands in the message, and in the detail as retry_after.
-- requires: aias_private.plan_quotas
create or replace function aias_private.refuse_over_quota(p_tenant uuid)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_stop record;
    v_ends timestamptz;
begin
    if not exists (select from aias_private.quota_stops as s where s.tenant_id = p_tenant) then
        return;
    end if;
    select
        s.measure,
        q.quota,
        q.plan,
        s.month
    into v_stop
    from aias_private.quota_stops as s
    inner join aias_private.tenants as t on t.id = s.tenant_id
    inner join aias_private.plan_quotas as q on q.plan = t.plan and q.measure = s.measure
    where
        s.tenant_id = p_tenant
        and s.month = date_trunc('month', aias_private.now() at time zone 'UTC')::date
        and q.is_hard
        and s.used_count >= q.quota
    order by s.measure
    limit 1;
    if found then
        v_ends := (v_stop.month + interval '1 month') at time zone 'UTC';
        raise exception 'the % % that the plan % includes per month are used up until %',
            v_stop.quota,
            replace(v_stop.measure, '_', ' '),
            v_stop.plan,
            to_char(v_ends at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"')
            using
                errcode = 'JR429',
                column = 'p_tenant',
                detail = jsonb_build_object(
                    'retry_after', ceil(extract(epoch from v_ends - aias_private.now())),
                    'measure', v_stop.measure,
                    'quota', v_stop.quota
                )::text,
                hint = 'A plan with more, or with a soft quota, lets it go on at once.';
    end if;
end;
$$;
revoke execute on function aias_private.refuse_over_quota(uuid) from public;
comment on function aias_private.refuse_over_quota(uuid) is
'Refuses with JR429 to start more where the tenant has used up a hard quota of its plan.';
