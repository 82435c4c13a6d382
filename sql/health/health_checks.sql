-- aias.health_checks: how everything is, by the last look at each check.
create or replace view aias.health_checks
with (security_barrier)
as
select
    c.name,
    c.cadence,
    c.status,
    c.is_vital,
    c.since,
    c.checked_at,
    c.latency_ms,
    c.problem_count,
    case when c.problem_count > 0 then (c.problems -> 0 ->> 'object') || ': ' || (c.problems -> 0 ->> 'problem') end as detail,
    c.problems,
    c.checked_at is not null
    and c.checked_at > aias_private.now() - case c.cadence
        when 'five_minutes' then interval '15 minutes'
        when 'hourly' then interval '3 hours'
        when 'daily' then interval '2 days'
        when 'weekly' then interval '9 days'
        else interval '100 days'
    end as is_fresh,
    c.description
from aias_private.health_checks as c
where c.is_enabled and (select aias_private.caller_sees_all());
grant select on aias.health_checks to aias_worker, aias_analyst, aias_admin;
comment on view aias.health_checks is
'How everything is: each check with its latest state, since when it is so, and what was found. For operators. Fresh; is_fresh says whether the look is recent.';
comment on column aias.health_checks.name is 'The check.';
comment on column aias.health_checks.cadence is 'How often it is made: five_minutes, hourly, daily, weekly or quarterly.';
comment on column aias.health_checks.status is 'ok, failing, or unknown before the first look.';
comment on column aias.health_checks.is_vital is 'Whether the system is of no use, or soon will not be, while it fails.';
comment on column aias.health_checks.since is 'Since when the status is so; null while it is unknown.';
comment on column aias.health_checks.checked_at is 'When it was last looked at.';
comment on column aias.health_checks.latency_ms is 'How long that took, in milliseconds.';
comment on column aias.health_checks.problem_count is 'How many problems were found, a number.';
comment on column aias.health_checks.detail is 'The first problem; null when there is none.';
comment on column aias.health_checks.problems is 'The first 20 problems: an array of objects with object and problem.';
comment on column aias.health_checks.is_fresh is 'Whether it was looked at of late, for its cadence.';
comment on column aias.health_checks.description is 'What holds when it is ok.';
