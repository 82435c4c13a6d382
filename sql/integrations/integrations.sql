-- aias.integrations: the connections of the tenants, without their secrets.
create or replace view aias.integrations
with (security_barrier)
as
select
    i.tenant_id,
    i.id,
    i.kind,
    i.name,
    i.status,
    i.status_reason,
    i.config,
    i.key_id,
    i.created_at,
    i.connected_at,
    i.grant_type,
    i.scopes,
    i.token_expires_at,
    i.connected_by,
    i.is_sample
from aias_private.integrations as i
where
    (select aias_private.caller_sees_all())
    or i.tenant_id = (select aias_private.caller_tenant());
grant select on aias.integrations to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.integrations is
'The connections of the tenants to other services. Credentials are not in it. Fresh.';
comment on column aias.integrations.tenant_id is 'The tenant that the connection belongs to.';
comment on column aias.integrations.id is 'The connection''s id (UUIDv7); the same after it is connected again.';
comment on column aias.integrations.kind is 'What it connects to: shopify, wave, slack, email or http.';
comment on column aias.integrations.name is 'Its name, by which a step''s connection names it; unique per tenant and kind.';
comment on column aias.integrations.status is
'connected; failing: the last check found it broken; revoked: the credentials were refused.';
comment on column aias.integrations.status_reason is 'Why it is not connected; null while it is.';
comment on column aias.integrations.config is 'Where and how it connects, as a JSON object without secrets.';
comment on column aias.integrations.key_id is 'Which key sealed its credentials: one of the tenant''s, or in old rows the master key.';
comment on column aias.integrations.created_at is 'When it was first connected.';
comment on column aias.integrations.connected_at is 'When its credentials were last given.';
comment on column aias.integrations.grant_type is
'How its tokens were granted: authorization_code or client_credentials; null for credentials given by hand.';
comment on column aias.integrations.scopes is 'What the upstream lets its token do, in the upstream''s words; null unless granted.';
comment on column aias.integrations.token_expires_at is 'When its access token ends; null where it does not.';
comment on column aias.integrations.connected_by is 'Who gave the credentials.';
comment on column aias.integrations.is_sample is
'Whether it came with the samples: it reaches the local servers, only steps that name it use it, and nothing of it is counted.';
