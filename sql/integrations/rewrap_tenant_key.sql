-- aias_private.rewrap_tenant_key: put a tenant's key under another master key; the key itself stays what it is.
--
-- Promise   false, and nothing changed, where the key is not wrapped any more as the caller read it.
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
    update aias_private.tenant_keys as k
    set wrapped = p_wrapped, master_key_id = p_master_key
    where k.tenant_id = p_tenant and k.id = p_key and k.wrapped = p_from;
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
'Puts a tenant''s key under another master key.';
