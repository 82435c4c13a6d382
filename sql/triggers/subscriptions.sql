-- aias.subscriptions: which events start which workflows.
create or replace view aias.subscriptions
with (security_barrier)
as
select
    s.tenant_id,
    t.slug as tenant,
    s.id,
    s.name,
    s.type_pattern,
    s.filter,
    s.condition,
    s.mapping,
    w.name as workflow,
    s.is_enabled,
    s.created_at,
    s.updated_at
from aias_private.event_subscriptions as s
inner join aias_private.tenants as t on s.tenant_id = t.id
inner join aias_private.workflows as w on s.tenant_id = w.tenant_id and s.workflow_id = w.id
where
    (select aias_private.caller_sees_all())
    or s.tenant_id = (select aias_private.caller_tenant());
grant select on aias.subscriptions to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.subscriptions is
'Which events start which workflows. Fresh.';
comment on column aias.subscriptions.tenant_id is 'The tenant.';
comment on column aias.subscriptions.tenant is 'The tenant''s slug.';
comment on column aias.subscriptions.id is 'The subscription''s id (UUIDv7).';
comment on column aias.subscriptions.name is 'Its name, unique per tenant.';
comment on column aias.subscriptions.type_pattern is 'The types of events that it hears of; * stands for anything.';
comment on column aias.subscriptions.filter is 'What the payload must hold.';
comment on column aias.subscriptions.condition is 'The template that must hold.';
comment on column aias.subscriptions.mapping is 'The templates that make the input; null: the payload is the input.';
comment on column aias.subscriptions.workflow is 'The workflow that it starts.';
comment on column aias.subscriptions.is_enabled is 'Whether it starts anything.';
comment on column aias.subscriptions.created_at is 'When it was made.';
comment on column aias.subscriptions.updated_at is 'When it was last changed.';
