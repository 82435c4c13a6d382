-- aias.integration_health: how each connection does, by its last check.
-- requires: aias.integrations
create or replace view aias.integration_health
with (security_barrier)
as
select
    t.slug as tenant,
    i.kind,
    i.name,
    i.status,
    i.status_reason,
    c.latency_ms,
    c.last_checked_at,
    c.last_ok_at,
    c.last_error,
    i.token_expires_at,
    coalesce(c.consecutive_failure_count, 0) as consecutive_failures,
    c.next_check_at,
    i.tenant_id,
    i.id as integration_id
from aias_private.integrations as i
inner join aias_private.tenants as t on i.tenant_id = t.id
left join aias_private.integration_checks as c on i.tenant_id = c.tenant_id and i.id = c.integration_id
where
    (select aias_private.caller_sees_all())
    or i.tenant_id = (select aias_private.caller_tenant());
grant select on aias.integration_health to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.integration_health is
'How each connection does: its status, and what its last check found. Checked hourly and on demand. Fresh.';
comment on column aias.integration_health.tenant is 'The tenant''s slug.';
comment on column aias.integration_health.kind is 'What it connects to: shopify, wave, slack, email or http.';
comment on column aias.integration_health.name is 'Its name.';
comment on column aias.integration_health.status is
'connected; failing: the last check found it broken; revoked: the credentials were refused.';
comment on column aias.integration_health.status_reason is 'Why it is not connected; null while it is.';
comment on column aias.integration_health.latency_ms is
'Milliseconds that the last check took; null where it could not be tried.';
comment on column aias.integration_health.last_checked_at is 'When it was last checked; null before the first time.';
comment on column aias.integration_health.last_ok_at is 'When a check last found it working.';
comment on column aias.integration_health.last_error is 'What the last check found wrong; null when it was right.';
comment on column aias.integration_health.token_expires_at is 'When its access token ends; null where it does not.';
comment on column aias.integration_health.consecutive_failures is 'How many checks in a row found it broken.';
comment on column aias.integration_health.next_check_at is 'When it is checked next.';
comment on column aias.integration_health.tenant_id is 'The tenant that the connection belongs to.';
comment on column aias.integration_health.integration_id is 'The connection''s id.';
