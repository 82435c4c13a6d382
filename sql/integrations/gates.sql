-- aias.gates: the gates that are closed, or were.
create or replace view aias.gates
with (security_barrier)
as
select
    t.slug as tenant,
    g.kind,
    nullif(g.connection, '') as connection,
    g.name as gate,
    case
        when g.status = 'open' then 'open'
        when g.closed_until <= aias_private.now() then 'half_open'
        else 'closed'
    end as state,
    g.source,
    g.reason,
    g.closed_by,
    g.closed_at,
    g.closed_until,
    g.close_count,
    g.probe_until,
    g.opened_at,
    (
        select count(*)
        from aias_private.gate_waiters as w
        where w.gate = g.name and w.kind = 'gate'
    ) as waiting_count
from aias_private.gates as g
left join aias_private.tenants as t on g.tenant_id = t.id
where
    (select aias_private.caller_sees_all())
    or g.tenant_id in ((select aias_private.caller_tenant()), '00000000-0000-0000-0000-000000000000');
grant select on aias.gates to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.gates is
'The gates before the upstreams that are closed, or were: a gate without a row is open. Fresh.';
comment on column aias.gates.tenant is 'The tenant''s slug; null for the gate of a kind, which stands before all tenants.';
comment on column aias.gates.kind is 'What it stands before: shopify, wave, ...';
comment on column aias.gates.connection is 'The connection''s name; null for the gate of a kind.';
comment on column aias.gates.gate is 'How aias.close_gate and aias.open_gate name it: shopify, or shopify:acme/main.';
comment on column aias.gates.state is
'closed: nothing passes; half_open: one call passes, and the others when it came back well; open.';
comment on column aias.gates.source is
'Who closed it last: operator; upstream (it asked for a pause, or a probe failed); breaker (too many calls failed).';
comment on column aias.gates.reason is 'Why.';
comment on column aias.gates.closed_by is 'Who: a user or a role; aias when the system did.';
comment on column aias.gates.closed_at is 'When it was closed last.';
comment on column aias.gates.closed_until is 'When one call is let through; null: not before it is opened.';
comment on column aias.gates.close_count is 'How often the system closed it since it was last open for long; the pause doubles each time.';
comment on column aias.gates.probe_until is 'Until when the answer of the one call is waited for; null when none is under way.';
comment on column aias.gates.opened_at is 'When it was opened; null while it is closed.';
comment on column aias.gates.waiting_count is 'How many executions will be woken when it opens.';
