-- aias.webhook_endpoints: where tenants hear of their executions.
create or replace view aias.webhook_endpoints
with (security_barrier)
as
select
    e.tenant_id,
    t.slug as tenant,
    e.id,
    e.name,
    i.config ->> 'url' as url,
    e.types,
    e.is_enabled,
    e.disabled_reason,
    e.failing_since,
    e.created_at,
    e.updated_at
from aias_private.webhook_endpoints as e
inner join aias_private.tenants as t on e.tenant_id = t.id
inner join aias_private.integrations as i on e.tenant_id = i.tenant_id and e.integration_id = i.id
where
    (select aias_private.caller_sees_all())
    or e.tenant_id = (select aias_private.caller_tenant());
grant select on aias.webhook_endpoints to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.webhook_endpoints is
'Where tenants hear of their executions; without secrets. Fresh.';
comment on column aias.webhook_endpoints.tenant_id is 'The tenant.';
comment on column aias.webhook_endpoints.tenant is 'The tenant''s slug.';
comment on column aias.webhook_endpoints.id is 'The endpoint''s id (UUIDv7).';
comment on column aias.webhook_endpoints.name is 'Its name, unique per tenant.';
comment on column aias.webhook_endpoints.url is 'The address that is told.';
comment on column aias.webhook_endpoints.types is 'What it is told of.';
comment on column aias.webhook_endpoints.is_enabled is 'Whether it is told anything.';
comment on column aias.webhook_endpoints.disabled_reason is 'Why it is not.';
comment on column aias.webhook_endpoints.failing_since is 'The first failure since the last success.';
comment on column aias.webhook_endpoints.created_at is 'When it was made.';
comment on column aias.webhook_endpoints.updated_at is 'When it was last changed.';
