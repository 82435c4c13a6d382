-- aias.webhooks: where others send webhooks.
create or replace view aias.webhooks
with (security_barrier)
as
select
    w.tenant_id,
    t.slug as tenant,
    w.id,
    w.name,
    w.style,
    f.name as workflow,
    w.condition,
    w.mapping,
    w.max_bytes,
    w.is_enabled,
    w.created_at,
    w.rotated_at,
    w.replay_window
from aias_private.webhooks as w
inner join aias_private.tenants as t on w.tenant_id = t.id
left join aias_private.workflows as f on w.tenant_id = f.tenant_id and w.workflow_id = f.id
where
    (select aias_private.caller_sees_all())
    or w.tenant_id = (select aias_private.caller_tenant());
grant select on aias.webhooks to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.webhooks is
'Where others send webhooks, and what those start; without tokens and secrets. Fresh.';
comment on column aias.webhooks.tenant_id is 'The tenant.';
comment on column aias.webhooks.tenant is 'The tenant''s slug.';
comment on column aias.webhooks.id is 'The webhook''s id (UUIDv7).';
comment on column aias.webhooks.name is 'Its name, unique per tenant.';
comment on column aias.webhooks.style is 'How deliveries are signed: shopify, standard, github, stripe, wave, or shared (a secret in a header).';
comment on column aias.webhooks.workflow is 'The workflow that it starts; null: what comes in is emitted as an event.';
comment on column aias.webhooks.condition is 'The template that must hold for anything to start.';
comment on column aias.webhooks.mapping is 'The templates that make the input; null: the payload is the input.';
comment on column aias.webhooks.max_bytes is 'How large a body may be.';
comment on column aias.webhooks.is_enabled is 'Whether it takes anything.';
comment on column aias.webhooks.created_at is 'When it was made.';
comment on column aias.webhooks.rotated_at is 'When its secret or token was last changed.';
comment on column aias.webhooks.replay_window is 'A body that comes again within this time is a replay, whatever id it is sent under; 0: not looked at.';
