-- aias.usage: what the tenants have used of what their plans include.
-- requires: aias_private.plan_quotas
create or replace view aias.usage
with (security_barrier)
as
select
    t.id as tenant_id,
    t.slug as tenant,
    t.plan,
    c.month,
    c.measure,
    c.used_count,
    c.quota,
    c.used_count::double precision / c.quota::double precision as used_ratio,
    c.is_hard,
    case
        when c.used_count >= c.quota then 'over'
        when c.used_count >= 0.8 * c.quota then 'near'
        else 'within'
    end as state,
    (c.month + interval '1 month') at time zone 'UTC' as resets_at,
    f.as_of,
    c.month = date_trunc('month', aias_private.now() at time zone 'UTC')::date as is_current
from aias_private.tenants as t
cross join
    lateral (
        select
            m.month,
            q.measure,
            coalesce(u.used_count, 0) as used_count,
            q.quota,
            q.is_hard
        from (
            select date_trunc('month', aias_private.now() at time zone 'UTC')::date as month
        ) as m
        cross join aias_private.plan_quotas as q
        left join aias_private.usage_months as u
            on t.id = u.tenant_id and m.month = u.month and q.measure = u.measure
        where q.plan = t.plan
        union all
        select
            u.month,
            u.measure,
            u.used_count,
            u.quota,
            false as is_hard
        from aias_private.usage_months as u
        where
            u.tenant_id = t.id
            and u.month < date_trunc('month', aias_private.now() at time zone 'UTC')::date
    ) as c
left join aias_private.refreshes as f on f.name = 'activity'
where
    (select aias_private.caller_sees_all())
    or t.id = (select aias_private.caller_tenant());
grant select on aias.usage to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.usage is
'What each tenant has used in a month (UTC) of what its plan includes: one row per measure for the current month, and for former months those that were used. Fresh to the minute: as of as_of.';
comment on column aias.usage.tenant_id is 'The tenant.';
comment on column aias.usage.tenant is 'The tenant''s slug.';
comment on column aias.usage.plan is 'The tenant''s plan as it is now.';
comment on column aias.usage.month is 'The first day of the month (UTC).';
comment on column aias.usage.measure is
'What is counted: executions (started), steps (that ran, with the end of their execution), upstream_calls or telemetry_events.';
comment on column aias.usage.used_count is 'How many the tenant has used in the month, a number of what measure names.';
comment on column aias.usage.quota is
'How many the plan includes per month, a number; null is unlimited. Of a former month: what the plan included then.';
comment on column aias.usage.used_ratio is 'The ratio of used to included: 1 is all of it; null where it is unlimited.';
comment on column aias.usage.is_hard is 'Whether executions are refused (JR429) once it is used up; else the use goes on and is told.';
comment on column aias.usage.state is 'within; near: from 80 % on; over: from 100 % on.';
comment on column aias.usage.resets_at is 'When the month ends, and counting begins anew.';
comment on column aias.usage.as_of is 'What was committed before is counted; null before the first count.';
comment on column aias.usage.is_current is 'Whether it is the current month.';
