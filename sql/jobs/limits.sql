-- aias.limits: how many jobs may run at once and start in a time, and how many do.
-- requires: aias_private.limit_state
create or replace view aias.limits
with (security_barrier)
as
select
    t.slug as tenant,
    l.scope,
    l.name,
    l.max_running,
    s.running_count,
    l.rate_count as rate,
    l.rate_per as per,
    l.rate_burst as burst,
    (
        select count(*)
        from public.procrastinate_jobs as j
        where j.status = 'todo' and j.parked_for in ('limit:' || l.key, 'rate:' || l.key)
    ) as parked_count,
    l.set_by,
    l.set_at
from aias_private.limits as l
left join aias_private.tenants as t on l.tenant_id = t.id
left join lateral aias_private.limit_state(l.key) as s on true
where
    (select aias_private.caller_sees_all())
    or l.tenant_id = (select aias_private.caller_tenant());
grant select on aias.limits to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.limits is
'The limits that were set, with what runs under each. Plans limit the executions of a tenant beside them. Fresh.';
comment on column aias.limits.tenant is 'The tenant''s slug; null for a key of all tenants.';
comment on column aias.limits.scope is 'tenant, workflow, key or connection.';
comment on column aias.limits.name is 'The tenant, the workflow, the key or the connection (shopify:acme/main).';
comment on column aias.limits.max_running is 'How many of its jobs, or of a connection''s calls, may run at once; null: no such limit of its own.';
comment on column aias.limits.running_count is 'How many run, or are claimed and about to.';
comment on column aias.limits.rate is 'How many may start in the time `per`; null: any number.';
comment on column aias.limits.per is 'The time of the rate.';
comment on column aias.limits.burst is 'How many may start at once when none has for long.';
comment on column aias.limits.parked_count is 'How many jobs were found and wait for it.';
comment on column aias.limits.set_by is 'Who set it.';
comment on column aias.limits.set_at is 'When it was set.';
