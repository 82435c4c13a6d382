-- aias.breaker_transitions: when breakers opened and closed.
create or replace view aias.breaker_transitions
with (security_barrier)
as
select
    t.slug as tenant,
    i.kind,
    i.name as connection,
    b.id,
    b.at,
    b.state,
    b.call_count,
    b.failure_count,
    b.until
from aias_private.breaker_transitions as b
inner join aias_private.tenants as t on b.tenant_id = t.id
inner join aias_private.integrations as i on b.tenant_id = i.tenant_id and b.integration_id = i.id
where
    (select aias_private.caller_sees_all())
    or b.tenant_id = (select aias_private.caller_tenant());
grant select on aias.breaker_transitions to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.breaker_transitions is 'When the breakers of connections opened and closed. Fresh.';
comment on column aias.breaker_transitions.tenant is 'The tenant''s slug.';
comment on column aias.breaker_transitions.kind is 'What the connection connects to.';
comment on column aias.breaker_transitions.connection is 'The connection''s name.';
comment on column aias.breaker_transitions.id is 'The transition''s id (UUIDv7).';
comment on column aias.breaker_transitions.at is 'When it happened.';
comment on column aias.breaker_transitions.state is 'What the breaker became: open or closed.';
comment on column aias.breaker_transitions.call_count is 'Calls of the minute before it opened.';
comment on column aias.breaker_transitions.failure_count is 'How many of them failed.';
comment on column aias.breaker_transitions.until is 'When one call was to be let through.';
