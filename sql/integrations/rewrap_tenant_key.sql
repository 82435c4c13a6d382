-- aias_private.rewrap_tenant_key: put a tenant's key under another master key; the key itself stays what it is.
--
-- Caller    the rotation of the master key; the nil tenant means the operators' key.
-- Promise   false, and nothing changed, where the key is not wrapped any more as the caller read it.
-- requires: aias_private.nil_uuid
-- requires: aias_private.record_audit
create or replace function aias_private.rewrap_tenant_key(
    p_tenant uuid,
    p_key text,
    p_from bytea,
    p_wrapped bytea,
    p_master_key text
)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_tenant = aias_private.nil_uuid() then
        update aias_private.operator_keys as k
        set wrapped = p_wrapped, master_key_id = p_master_key
        where k.id = p_key and k.wrapped = p_from;
    else
        update aias_private.tenant_keys as k
        set wrapped = p_wrapped, master_key_id = p_master_key
        where k.tenant_id = p_tenant and k.id = p_key and k.wrapped = p_from;
    end if;
    if not found then
        return false;
    end if;
    perform aias_private.record_audit(
        p_tenant,
        'tenant_key.rewrapped',
        'tenant_key',
        p_key,
        jsonb_build_object('master_key_id', p_master_key)
    );
    return true;
end;
$$;
revoke execute on function aias_private.rewrap_tenant_key(uuid, text, bytea, bytea, text) from public;
grant execute on function aias_private.rewrap_tenant_key(uuid, text, bytea, bytea, text) to aias_admin;
comment on function aias_private.rewrap_tenant_key(uuid, text, bytea, bytea, text) is
'Puts a tenant''s key, or the operators'', under another master key.';
