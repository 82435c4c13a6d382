-- aias_private.gate_key: which gate a caller names.
--
-- Caller    aias.close_gate, open_gate; set_limit and remove_limit for the connections behind the gates.
-- Promise   `<kind>` is the gate of the kind (the nil UUID, no connection); `<kind>:<tenant>/<connection>` a connection's, which
--           exists; a caller who is confined to a tenant may leave the tenant out.
-- Errors    JR403 the gate of a kind, and the caller is confined to a tenant; JR404 there is no such tenant or connection, or it is
--           another tenant's; JR422 the name is malformed.
-- requires: aias_private.gate_name
-- requires: aias_private.nil_uuid
-- requires: aias_private.tenant_by_slug
create or replace function aias_private.gate_key(p_gate text)
returns table (
    tenant_id uuid,
    kind text,
    connection text,
    name text,
    integration_id uuid
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_parts constant text[] := regexp_match(
        p_gate, '^([a-z][a-z0-9_]{0,62})(?::(?:([a-z0-9][a-z0-9-]*)/)?([a-z0-9][a-z0-9_-]{0,62}))?$'
    );
begin
    if v_parts is null then
        raise exception 'a gate is named kind, kind:connection or kind:tenant/connection, not %',
            coalesce(quote_literal(left(p_gate, 200)), 'null')
            using errcode = 'JR422', column = 'p_gate';
    end if;
    kind := v_parts[1];
    if v_parts[3] is null then
        if not aias_private.caller_sees_all() then
            raise exception 'the gate of all % connections is a matter for administrators', kind
                using errcode = 'JR403', column = 'p_gate';
        end if;
        tenant_id := aias_private.nil_uuid();
        connection := '';
        name := kind;
        return next;
        return;
    end if;
    if v_parts[2] is not null then
        tenant_id := aias_private.tenant_by_slug(v_parts[2]);
    else
        tenant_id := aias_private.caller_tenant();
        if tenant_id is null then
            raise exception 'whose connection is %: name it %:tenant/%', quote_literal(p_gate), kind, v_parts[3]
                using errcode = 'JR422', column = 'p_gate';
        end if;
    end if;
    connection := v_parts[3];
    select i.id into integration_id
    from aias_private.integrations as i
    where i.tenant_id = gate_key.tenant_id and i.kind = gate_key.kind and i.name = gate_key.connection;
    if not found then
        raise exception 'there is no % connection %', kind, quote_literal(connection)
            using errcode = 'JR404', column = 'p_gate';
    end if;
    name := aias_private.gate_name(tenant_id, kind, connection);
    return next;
end;
$$;
revoke execute on function aias_private.gate_key(text) from public;
comment on function aias_private.gate_key(text) is 'The gate that a caller names and may touch.';
