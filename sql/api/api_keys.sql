-- aias.api_keys: the keys of the HTTP API, without their secrets.
-- requires: aias_private.nil_uuid
create or replace view aias.api_keys
with (security_barrier)
as
select
    nullif(k.tenant_id, aias_private.nil_uuid()) as tenant_id,
    t.slug as tenant,
    k.id,
    k.name,
    k.scopes,
    k.requests_per_minute,
    case
        when k.revoked_at is not null then 'revoked'
        when k.expires_at <= aias_private.now() then 'expired'
        else 'active'
    end as status,
    k.created_at,
    k.created_by,
    k.expires_at,
    k.last_used_at,
    k.revoked_at,
    k.revoked_by
from aias_private.api_keys as k
left join aias_private.tenants as t on k.tenant_id = t.id
where
    (select aias_private.caller_sees_all())
    or k.tenant_id = (select aias_private.caller_tenant());
grant select on aias.api_keys to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.api_keys is 'The keys of the HTTP API. Secrets are not in it. Fresh.';
comment on column aias.api_keys.tenant_id is 'Whose key it is; null for one of the platform''s operators.';
comment on column aias.api_keys.tenant is 'The slug of the tenant; null for a key of the platform''s operators.';
comment on column aias.api_keys.id is 'The public part of the token, between its first and its second underscore.';
comment on column aias.api_keys.name is 'What the key is called.';
comment on column aias.api_keys.scopes is 'What the key may do: resource:read, resource:write, resource:*, *:read or * (everything).';
comment on column aias.api_keys.requests_per_minute is 'How many requests a minute the key may make; null leaves it to the plan.';
comment on column aias.api_keys.status is 'active, expired or revoked.';
comment on column aias.api_keys.created_at is 'When it was made.';
comment on column aias.api_keys.created_by is 'Who made it.';
comment on column aias.api_keys.expires_at is 'From when on it is refused; null means never.';
comment on column aias.api_keys.last_used_at is 'When a request last came with it, a few seconds late; null: never.';
comment on column aias.api_keys.revoked_at is 'When it was revoked.';
comment on column aias.api_keys.revoked_by is 'Who revoked it.';
