-- aias.conversion_funnel: how many tenants become customers that stay.
-- requires: aias_private.funnel_stages
create or replace view aias.conversion_funnel
with (security_barrier)
as
select
    f.cohort_month,
    f.position,
    f.stage,
    f.tenant_count,
    f.tenant_count::double precision
    / nullif(first_value(f.tenant_count) over (partition by f.cohort_month order by f.position), 0)
        as share_of_signed_up,
    f.tenant_count::double precision
    / nullif(lag(f.tenant_count, 1, f.tenant_count) over (partition by f.cohort_month order by f.position), 0)
        as share_of_previous
from aias_private.funnel_stages as f
where (select aias_private.caller_sees_all());
grant select on aias.conversion_funnel to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.conversion_funnel is
'How many tenants that signed up in a month (UTC) have come how far: signed up, connected, first workflow, first success, weekly active. It speaks of all tenants: who sees only one sees no row. Fresh to 5 minutes: as of aias.freshness, funnel_stages.';
comment on column aias.conversion_funnel.cohort_month is 'The first day of the month (UTC) in which they signed up.';
comment on column aias.conversion_funnel.position is 'The stage''s place in the funnel, a number from 1.';
comment on column aias.conversion_funnel.stage is
'signed_up, connected (an integration), first_workflow (applied), first_success (of an execution), weekly_active (a success in the last 7 days).';
comment on column aias.conversion_funnel.tenant_count is 'Tenants that have reached the stage and all before it.';
comment on column aias.conversion_funnel.share_of_signed_up is 'Their ratio to those who signed up, from 0 to 1.';
comment on column aias.conversion_funnel.share_of_previous is 'Their ratio to those of the stage before, from 0 to 1; null where that has none.';
