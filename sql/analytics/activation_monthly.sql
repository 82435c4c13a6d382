-- aias.activation_monthly: how many tenants have a success, and how soon.
-- requires: aias_private.activation_cohorts
create or replace view aias.activation_monthly
with (security_barrier)
as
select
    c.cohort_month,
    c.signed_up_count,
    c.activated_count,
    c.activated_count::double precision / c.signed_up_count as activated_ratio,
    c.time_to_value_p50,
    c.time_to_value_p90
from aias_private.activation_cohorts as c
where (select aias_private.caller_sees_all());
grant select on aias.activation_monthly to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.activation_monthly is
'Of the tenants that signed up in a month (UTC): how many had an execution that succeeded, and how soon. It speaks of all tenants: who sees only one sees no row. Fresh to the hour: as of aias.freshness, activation_cohorts.';
comment on column aias.activation_monthly.cohort_month is 'The first day of the month (UTC) in which they signed up.';
comment on column aias.activation_monthly.signed_up_count is 'Tenants that signed up in it.';
comment on column aias.activation_monthly.activated_count is 'Those of them that have had an execution that succeeded.';
comment on column aias.activation_monthly.activated_ratio is 'Their ratio to all, from 0 to 1.';
comment on column aias.activation_monthly.time_to_value_p50 is
'In what time from sign-up half of those activated had their first success (interval).';
comment on column aias.activation_monthly.time_to_value_p90 is
'In what time from sign-up 90 % of those activated had their first success (interval).';
