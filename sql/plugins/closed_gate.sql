-- aias_private.closed_gate: the gate that keeps an action which needs several services.
--
-- Caller    the engine, before a call of an action that declares gates beside its connection's.
-- Promise   looks and takes nothing: the probe of a gate whose time is up stays for a call of that service. Of a tenant's
--           connections of a kind one that is closed is enough.
-- Returns   no row when none is closed; until is null for one that stays closed until it is opened.
create or replace function aias_private.closed_gate(
    p_tenant uuid,
    p_kinds text[]
)
returns table (
    gate text,
    reason text,
    until timestamptz
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select g.name, g.reason, g.closed_until
    from aias_private.gates as g
    where
        g.status = 'closed'
        and g.kind = any(p_kinds)
        and (g.tenant_id = p_tenant or (g.tenant_id = '00000000-0000-0000-0000-000000000000' and g.connection = ''))
        and coalesce(g.closed_until > aias_private.now(), true)
    order by g.closed_until desc nulls first, g.name
    limit 1
$$;
revoke execute on function aias_private.closed_gate(uuid, text[]) from public;
comment on function aias_private.closed_gate(uuid, text[]) is
'The gate of these kinds that is closed for a tenant, the one for longest first.';
