-- aias_private.gate_name: how people and steps name a connection's gate.
create or replace function aias_private.gate_name(
    p_tenant uuid,
    p_kind text,
    p_connection text
)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select p_kind || ':' || t.slug || '/' || p_connection
    from aias_private.tenants as t
    where t.id = p_tenant
$$;
revoke execute on function aias_private.gate_name(uuid, text, text) from public;
comment on function aias_private.gate_name(uuid, text, text) is 'The name of a connection''s gate: shopify:acme/main.';
