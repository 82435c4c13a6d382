-- aias.breakers: the breaker of each connection.
-- requires: aias_private.upstream_rule
create or replace view aias.breakers
with (security_barrier)
as
select
    t.slug as tenant,
    i.id as integration_id,
    i.kind,
    i.name as connection,
    case
        when coalesce(g.status, 'open') = 'open' or g.source <> 'breaker' then 'closed'
        when g.closed_until <= aias_private.now() then 'half_open'
        else 'open'
    end as state,
    case when g.status = 'closed' and g.source = 'breaker' then g.closed_until end as open_until,
    coalesce(w.call_count, 0) as call_count,
    coalesce(w.failure_count, 0) as failure_count,
    r.error_percent,
    r.min_calls,
    l.at as changed_at,
    (
        select count(*)
        from aias_private.breaker_transitions as b
        where
            b.tenant_id = i.tenant_id
            and b.integration_id = i.id
            and b.state = 'open'
            and b.at > aias_private.now() - interval '1 day'
    ) as opened_count_day
from aias_private.integrations as i
inner join aias_private.tenants as t on i.tenant_id = t.id
inner join lateral (
    select
        o.error_percent,
        o.min_calls
    from aias_private.upstream_rules as o
    where o.kind in (i.kind, 'any')
    order by o.kind = 'any'
    limit 1
) as r on true
left join aias_private.gates as g on i.tenant_id = g.tenant_id and i.kind = g.kind and i.name = g.connection
left join lateral (
    select
        sum(b.call_count)::integer as call_count,
        sum(b.failure_count)::integer as failure_count
    from aias_private.breaker_windows as b
    where
        b.tenant_id = i.tenant_id
        and b.integration_id = i.id
        and b.started_at > aias_private.now() - interval '1 minute'
) as w on true
left join lateral (
    select b.at
    from aias_private.breaker_transitions as b
    where b.tenant_id = i.tenant_id and b.integration_id = i.id
    order by b.at desc
    limit 1
) as l on true
where
    (select aias_private.caller_sees_all())
    or i.tenant_id = (select aias_private.caller_tenant());
grant select on aias.breakers to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.breakers is
'The breaker of each connection: open while too many of its calls failed and nothing is sent. Fresh.';
comment on column aias.breakers.tenant is 'The tenant''s slug.';
comment on column aias.breakers.integration_id is 'The connection (aias.integrations.id).';
comment on column aias.breakers.kind is 'What it connects to.';
comment on column aias.breakers.connection is 'The connection''s name.';
comment on column aias.breakers.state is 'closed: calls pass; open: none; half_open: one, which decides.';
comment on column aias.breakers.open_until is 'When one call is let through; null while it is closed.';
comment on column aias.breakers.call_count is 'Calls of the last minute.';
comment on column aias.breakers.failure_count is
'How many of them failed: no answer, one that can''t be read, or 5xx. What the upstream refuses (4xx) is no failure.';
comment on column aias.breakers.error_percent is 'How many percent have to fail for it to open.';
comment on column aias.breakers.min_calls is 'How many calls it takes for it to open at all.';
comment on column aias.breakers.changed_at is 'When it opened or closed last; null when it never did.';
comment on column aias.breakers.opened_count_day is 'How often it opened in the last 24 hours.';
