-- aias_private.funnel_stages: how many tenants of each month have come how far.
--
-- Why       one row per tenant is read, none per event: the milestones are kept by roll_up_audit and roll_up_executions.
--           A changed definition makes it anew; the view over it is made again by the runner.
drop materialized view if exists aias_private.funnel_stages cascade;
create materialized view aias_private.funnel_stages as
with tenant as (
    select
        date_trunc('month', t.created_at at time zone 'UTC')::date as cohort_month,
        -- who skipped a stage has not come further than before it
        case
            when m.connected_at is null then 1
            when m.first_workflow_at is null then 2
            when m.first_success_at is null then 3
            when m.last_success_at <= aias_private.now() - interval '7 days' then 4
            else 5
        end as reached
    from aias_private.tenants as t
    left join aias_private.tenant_milestones as m on t.id = m.tenant_id
)

select
    t.cohort_month,
    s.position,
    s.stage,
    count(*) filter (where t.reached >= s.position) as tenant_count
from tenant as t
cross join (
    values (1, 'signed_up'), (2, 'connected'), (3, 'first_workflow'), (4, 'first_success'), (5, 'weekly_active')
) as s (position, stage)
group by t.cohort_month, s.position, s.stage;
create unique index funnel_stages_key on aias_private.funnel_stages (cohort_month, position);
comment on materialized view aias_private.funnel_stages is 'How many tenants that signed up in a month have reached each stage.';

insert into aias_private.refreshes (name, kind, cadence)
values ('funnel_stages', 'materialized', interval '5 minutes')
on conflict (name) do nothing;
