-- aias_private.retention_cohorts: how many tenants of each day were active a week later.
--
-- Why       as funnel_stages; two keys of daily tables are looked up per tenant.
drop materialized view if exists aias_private.retention_cohorts cascade;
create materialized view aias_private.retention_cohorts as
select
    c.cohort_day,
    count(*) as signed_up_count,
    count(*) filter (
        where
        exists (
            select from aias_private.execution_days as d
            where d.tenant_id = c.tenant_id and d.day = c.cohort_day + 7 and d.started_count > 0
        )
        or exists (
            select from aias_private.user_days as u
            where u.tenant_id = c.tenant_id and u.day = c.cohort_day + 7
        )
    ) as retained_count
from (
    select
        t.id as tenant_id,
        (t.created_at at time zone 'UTC')::date as cohort_day
    from aias_private.tenants as t
) as c
-- the seventh day is over
where c.cohort_day + 7 < (aias_private.now() at time zone 'UTC')::date
group by c.cohort_day;
create unique index retention_cohorts_key on aias_private.retention_cohorts (cohort_day);
comment on materialized view aias_private.retention_cohorts is
'Of the tenants that signed up on a day: how many were active on the seventh day after it.';

insert into aias_private.refreshes (name, kind, cadence)
values ('retention_cohorts', 'materialized', interval '1 hour')
on conflict (name) do nothing;
