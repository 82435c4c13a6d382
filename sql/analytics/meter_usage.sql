-- aias_private.meter_usage: count what tenants have used since a day's month began, and stop those who have used it up.
--
-- Caller    roll_up_activity, in its transaction, with the tenants whose daily figures it has changed.
-- Promise   a month's count is the sum of its days: counted again it is the same. A tenant that is over a hard quota of its plan as
--           it is now has a stop, no other tenant of those that were looked at has; those with stops are always looked at.
-- Cost      follows the tenants that did something, not all: the days of the month of each. Of telemetry its intake is read, a row
--           per tenant and day, of those that sent any since p_since.
-- requires: aias_private.plan_quotas
-- requires: aias.telemetry_intake_daily
create or replace function aias_private.meter_usage(
    p_tenants uuid[],
    p_since date
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_first constant date := date_trunc('month', p_since)::date;
    v_month constant date := date_trunc('month', aias_private.now() at time zone 'UTC')::date;
begin
    insert into aias_private.usage_months as u (tenant_id, month, measure, used_count, quota)
    select
        c.tenant_id,
        c.month,
        c.measure,
        c.used_count,
        q.quota
    from (
        select
            d.tenant_id,
            date_trunc('month', d.day)::date as month,
            m.measure,
            sum(m.used_count) as used_count
        from aias_private.execution_days as d
        cross join lateral (
            values ('executions', d.started_count), ('steps', d.step_count)
        ) as m(measure, used_count)
        where d.tenant_id = any(p_tenants) and d.day >= v_first
        group by 1, 2, 3
        union all
        select
            d.tenant_id,
            date_trunc('month', d.day)::date,
            'upstream_calls',
            sum(d.call_count)
        from aias_private.integration_days as d
        where d.tenant_id = any(p_tenants) and d.day >= v_first
        group by 1, 2
        union all
        select
            i.tenant_id,
            date_trunc('month', i.day)::date,
            'telemetry_events',
            sum(i.accepted_count)
        from aias.telemetry_intake_daily as i
        where
            i.day >= v_first
            and i.tenant_id in (select n.tenant_id from aias.telemetry_intake_daily as n where n.day >= p_since)
        group by 1, 2
    ) as c
    inner join aias_private.tenants as t on t.id = c.tenant_id
    inner join aias_private.plan_quotas as q on q.plan = t.plan and q.measure = c.measure
    order by 1, 2, 3
    on conflict (tenant_id, month, measure) do update
    set used_count = excluded.used_count, quota = excluded.quota
    where (u.used_count, u.quota) is distinct from (excluded.used_count, excluded.quota);
    delete from aias_private.quota_stops as s
    where
        s.month <> v_month
        or not exists (
            select
            from aias_private.tenants as t
            inner join aias_private.plan_quotas as q on q.plan = t.plan
            inner join aias_private.usage_months as u
                on u.tenant_id = t.id and u.month = v_month and u.measure = q.measure
            where t.id = s.tenant_id and q.measure = s.measure and q.is_hard and u.used_count >= q.quota
        );
    insert into aias_private.quota_stops as s (tenant_id, measure, month, used_count)
    select
        u.tenant_id,
        u.measure,
        u.month,
        u.used_count
    from aias_private.usage_months as u
    inner join aias_private.tenants as t on t.id = u.tenant_id
    inner join aias_private.plan_quotas as q on q.plan = t.plan and q.measure = u.measure
    where u.tenant_id = any(p_tenants) and u.month = v_month and q.is_hard and u.used_count >= q.quota
    order by 1, 2
    on conflict (tenant_id, measure) do update
    set month = excluded.month, used_count = excluded.used_count
    where (s.month, s.used_count) is distinct from (excluded.month, excluded.used_count);
end;
$$;
revoke execute on function aias_private.meter_usage(uuid[], date) from public;
comment on function aias_private.meter_usage(uuid[], date) is
'Counts what tenants have used this month, and notes who has used up a hard quota.';
