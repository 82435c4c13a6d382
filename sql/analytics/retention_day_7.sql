-- aias.retention_day_7: how many tenants are still there after a week.
-- requires: aias_private.retention_cohorts
create or replace view aias.retention_day_7
with (security_barrier)
as
select
    c.cohort_day,
    c.signed_up_count,
    c.retained_count,
    c.retained_count::double precision / c.signed_up_count as retained_ratio
from aias_private.retention_cohorts as c
where (select aias_private.caller_sees_all());
grant select on aias.retention_day_7 to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.retention_day_7 is
'Of the tenants that signed up on a day (UTC): how many were active on the seventh day after it, once that day is over. It speaks of all tenants: who sees only one sees no row. Fresh to the hour: as of aias.freshness, retention_cohorts.';
comment on column aias.retention_day_7.cohort_day is 'The day (UTC) on which they signed up.';
comment on column aias.retention_day_7.signed_up_count is 'Tenants that signed up on it.';
comment on column aias.retention_day_7.retained_count is
'Those of them for which an execution was started, or of which a person did something, on the seventh day after.';
comment on column aias.retention_day_7.retained_ratio is 'Their ratio to all, from 0 to 1.';
