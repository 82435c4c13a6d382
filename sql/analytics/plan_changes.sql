-- aias.plan_changes: who moved between plans.
create or replace view aias.plan_changes
with (security_barrier)
as
select
    c.at,
    c.tenant_id,
    t.slug as tenant,
    c.from_plan,
    c.to_plan,
    case
        when n.base_priority > f.base_priority then 'up'
        when n.base_priority < f.base_priority then 'down'
        else 'aside'
    end as direction,
    c.actor,
    c.audit_id
from aias_private.plan_changes as c
inner join aias_private.tenants as t on c.tenant_id = t.id
left join aias_private.plans as p on c.from_plan = p.name
left join aias_private.lanes as f on p.lane = f.name
left join aias_private.plans as q on c.to_plan = q.name
left join aias_private.lanes as n on q.lane = n.name
where
    (select aias_private.caller_sees_all())
    or c.tenant_id = (select aias_private.caller_tenant());
grant select on aias.plan_changes to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.plan_changes is
'The moves of tenants between plans. Fresh to the minute: as of aias.freshness, activity.';
comment on column aias.plan_changes.at is 'When.';
comment on column aias.plan_changes.tenant_id is 'The tenant that was moved.';
comment on column aias.plan_changes.tenant is 'The tenant''s slug.';
comment on column aias.plan_changes.from_plan is 'Its plan before.';
comment on column aias.plan_changes.to_plan is 'Its plan from then on.';
comment on column aias.plan_changes.direction is
'up or down, by the priority of the plans'' lanes; aside where they are equal or a plan is gone.';
comment on column aias.plan_changes.actor is 'Who moved it.';
comment on column aias.plan_changes.audit_id is 'The row of aias.audit_log that says so.';
