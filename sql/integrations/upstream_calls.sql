-- aias.upstream_calls: the calls of upstreams, counted and timed.
create or replace view aias.upstream_calls
with (security_barrier)
as
select
    u.tenant_id,
    nullif(u.integration_id, '00000000-0000-0000-0000-000000000000') as integration_id,
    u.kind,
    nullif(u.connection, '') as connection,
    aias_private.uuid7_time(u.id) as at,
    u.operation,
    u.status_class,
    u.call_count,
    u.failure_count,
    u.total_ms,
    u.max_ms
from aias_private.upstream_calls as u
where
    (select aias_private.caller_sees_all())
    or u.tenant_id = (select aias_private.caller_tenant());
-- the view calls it on behalf of whoever reads it
grant execute on function aias_private.uuid7_time(uuid) to aias_app, aias_analyst;
grant select on aias.upstream_calls to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.upstream_calls is
'The calls of upstreams per minute, connection, operation and kind of answer. At most a second behind.';
comment on column aias.upstream_calls.tenant_id is 'The tenant for which the calls were made.';
comment on column aias.upstream_calls.integration_id is 'The connection (aias.integrations.id), which may be gone by now; null for addresses of the steps'' own (http.request).';
comment on column aias.upstream_calls.kind is 'What it connects to.';
comment on column aias.upstream_calls.connection is 'The connection''s name; null for addresses of the steps'' own.';
comment on column aias.upstream_calls.at is 'The minute.';
comment on column aias.upstream_calls.operation is 'What was called: a GraphQL operation, or an HTTP method.';
comment on column aias.upstream_calls.status_class is
'2xx, 3xx, 4xx, 5xx, throttled (the upstream asked for a pause), unreadable, no_answer.';
comment on column aias.upstream_calls.call_count is 'How many calls.';
comment on column aias.upstream_calls.failure_count is 'How many of them count as failures of the upstream.';
comment on column aias.upstream_calls.total_ms is 'How long they took together, in milliseconds.';
comment on column aias.upstream_calls.max_ms is 'How long the slowest took.';
