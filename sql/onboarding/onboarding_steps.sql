-- aias.onboarding_steps: the steps of the wizard, and when each tenant has taken them.
--
-- Why       each time is that of the thing itself (the connection, the workflow, the execution, the colleague) or, where that may be
--           gone since, of tenant_milestones: no step is entered anywhere. What rollups say a minute later is read directly for
--           executions of the last ten minutes.
-- Cost      per tenant: a few index look-ups, and its executions of ten minutes while it has no success yet.
-- requires: aias_private.recent_runs
-- requires: aias_private.sample_success
create or replace view aias.onboarding_steps
with (security_barrier)
as
select
    t.id as tenant_id,
    t.slug as tenant,
    s.position,
    s.step,
    s.done_at,
    s.done_at is not null as is_done,
    s.done_at - t.created_at as time_taken
from aias_private.tenants as t
left join aias_private.tenant_milestones as m on t.id = m.tenant_id
left join aias_private.tenant_samples as p on t.id = p.tenant_id
left join
    lateral (
        select
            c.run_at,
            c.success_at
        from aias_private.recent_runs(t.id) as c
        where m.first_success_at is null
    ) as r
    on true
cross join
    lateral (
        values
        (1, 'signed_up', t.created_at),
        (2, 'sample_succeeded', coalesce(p.first_success_at, aias_private.sample_success(t.id))),
        (
            3,
            'integration_connected',
            least(
                m.connected_at,
                (
                    select min(i.created_at) from aias_private.integrations as i
                    where
                        i.tenant_id = t.id
                        and not i.is_sample
                        and i.kind in ('shopify', 'wave', 'slack', 'email', 'http')
                )
            )
        ),
        (
            4,
            'first_workflow',
            least(
                m.first_workflow_at,
                (
                    select min(w.created_at) from aias_private.workflows as w
                    where w.tenant_id = t.id and not w.is_sample
                )
            )
        ),
        (
            5,
            'first_run',
            least(
                r.run_at,
                m.first_success_at,
                (
                    select min(d.day) at time zone 'UTC' from aias_private.execution_days as d
                    where d.tenant_id = t.id and d.started_count > 0 and r.run_at is null
                )
            )
        ),
        (6, 'first_success', least(m.first_success_at, r.success_at)),
        (
            7,
            'automated',
            (
                select min(a.created_at)
                from (
                    select s.created_at from aias_private.schedules as s
                    where s.tenant_id = t.id
                    union all
                    select h.created_at from aias_private.webhooks as h
                    where h.tenant_id = t.id
                    union all
                    select v.created_at from aias_private.event_subscriptions as v
                    where v.tenant_id = t.id
                ) as a
            )
        ),
        (
            8,
            'colleague_invited',
            (
                select u.created_at from aias_private.users as u
                where u.tenant_id = t.id
                order by u.created_at, u.id
                limit 1 offset 1
            )
        )
    ) as s (position, step, done_at)
where
    (select aias_private.caller_sees_all())
    or t.id = (select aias_private.caller_tenant());
grant select on aias.onboarding_steps to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.onboarding_steps is
'The steps from the sign-up to a working automation, with the time at which each tenant took them. aias.activation has the time to value. Fresh; of first runs and successes: a minute.';
comment on column aias.onboarding_steps.tenant_id is 'The tenant.';
comment on column aias.onboarding_steps.tenant is 'The tenant''s slug.';
comment on column aias.onboarding_steps.position is 'The step''s place, from 1.';
comment on column aias.onboarding_steps.step is
'signed_up, sample_succeeded, integration_connected, first_workflow, first_run, first_success, automated (a schedule, webhook or subscription), colleague_invited. Samples count for the second only.';
comment on column aias.onboarding_steps.done_at is
'When it was first taken; null before. Of a first run that failed, or is older than ten minutes: the day (UTC), until the first success.';
comment on column aias.onboarding_steps.is_done is 'Whether it is taken.';
comment on column aias.onboarding_steps.time_taken is 'From the sign-up to it (interval); null before.';
