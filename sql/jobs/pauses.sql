-- aias.pauses: what is paused.
create or replace view aias.pauses
with (security_barrier)
as
select
    t.slug as tenant,
    p.scope,
    p.name,
    p.reason,
    p.paused_by,
    p.paused_at,
    (
        select count(*)
        from public.procrastinate_jobs as j
        where j.status = 'todo' and j.parked_for = 'pause:' || p.key
    ) as parked_count
from aias_private.pauses as p
left join aias_private.tenants as t on p.tenant_id = t.id
where
    (select aias_private.caller_sees_all())
    or p.tenant_id = (select aias_private.caller_tenant());
grant select on aias.pauses to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.pauses is 'The lanes, workflows, tenants and tasks whose jobs are not started, and what fuses hold. Fresh.';
comment on column aias.pauses.tenant is 'The tenant''s slug; null for a lane, a task and what belongs to no tenant.';
comment on column aias.pauses.scope is 'lane, workflow, tenant or task; fuse where a fuse blew (aias.fuses), which only its release ends.';
comment on column aias.pauses.name is 'The lane, workflow, tenant or task; of a fuse what it holds.';
comment on column aias.pauses.reason is 'Why, in the words of whoever paused it.';
comment on column aias.pauses.paused_by is 'Who paused it.';
comment on column aias.pauses.paused_at is 'Since when.';
comment on column aias.pauses.parked_count is 'How many jobs workers have found and laid aside; those not looked at yet are not among them.';
