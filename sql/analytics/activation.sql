-- aias.activation: how far each tenant has come, and how long it took.
create or replace view aias.activation
with (security_barrier)
as
select
    t.id as tenant_id,
    t.slug as tenant,
    t.plan,
    t.created_at as signed_up_at,
    m.connected_at,
    m.first_workflow_at,
    m.first_success_at,
    m.last_success_at,
    m.connected_at - t.created_at as time_to_connect,
    m.first_workflow_at - t.created_at as time_to_first_workflow,
    m.first_success_at - t.created_at as time_to_value,
    m.first_success_at is not null as is_activated,
    coalesce(m.last_success_at > aias_private.now() - interval '7 days', false) as is_weekly_active
from aias_private.tenants as t
left join aias_private.tenant_milestones as m on t.id = m.tenant_id
where
    (select aias_private.caller_sees_all())
    or t.id = (select aias_private.caller_tenant());
grant select on aias.activation to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.activation is
'How far each tenant has come, from its sign-up to its first success, and how long that took. Fresh to the minute: as of aias.freshness, activity.';
comment on column aias.activation.tenant_id is 'The tenant.';
comment on column aias.activation.tenant is 'The tenant''s slug.';
comment on column aias.activation.plan is 'The tenant''s plan as it is now.';
comment on column aias.activation.signed_up_at is 'When the tenant was made.';
comment on column aias.activation.connected_at is 'When it first connected an integration; null before.';
comment on column aias.activation.first_workflow_at is 'When it first applied a workflow; null before.';
comment on column aias.activation.first_success_at is 'When an execution of it first succeeded; null before.';
comment on column aias.activation.last_success_at is 'When an execution of it last succeeded; null before the first.';
comment on column aias.activation.time_to_connect is 'From sign-up to the first connection (interval).';
comment on column aias.activation.time_to_first_workflow is 'From sign-up to the first workflow (interval).';
comment on column aias.activation.time_to_value is 'From sign-up to the first execution that succeeded (interval).';
comment on column aias.activation.is_activated is 'Whether an execution of it has ever succeeded.';
comment on column aias.activation.is_weekly_active is 'Whether one has succeeded in the last 7 days.';
