-- aias_private.activation_cohorts: how many tenants of each month had a success, and how soon.
--
-- Why       as funnel_stages.
drop materialized view if exists aias_private.activation_cohorts cascade;
create materialized view aias_private.activation_cohorts as
select
    date_trunc('month', t.created_at at time zone 'UTC')::date as cohort_month,
    count(*) as signed_up_count,
    count(m.first_success_at) as activated_count,
    percentile_cont(0.5) within group (order by m.first_success_at - t.created_at) as time_to_value_p50,
    percentile_cont(0.9) within group (order by m.first_success_at - t.created_at) as time_to_value_p90
from aias_private.tenants as t
left join aias_private.tenant_milestones as m on t.id = m.tenant_id
group by 1;
create unique index activation_cohorts_key on aias_private.activation_cohorts (cohort_month);
comment on materialized view aias_private.activation_cohorts is
'Of the tenants that signed up in a month: how many had a success, and how soon.';

insert into aias_private.refreshes (name, kind, cadence)
values ('activation_cohorts', 'materialized', interval '1 hour')
on conflict (name) do nothing;
