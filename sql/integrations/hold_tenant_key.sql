-- aias_private.hold_tenant_key: see to it that a key stays while something is being sealed under it.
--
-- Caller    every function that stores a sealed secret. A key of another kind (an id of a master key, in rows of the first
--           version) is nobody's to hold.
-- Locks     the key's row, shared: whoever drops keys waits for us.
-- Errors    JR409 the key was retired and dropped, or erased, since the secret was sealed: seal again.
create or replace function aias_private.hold_tenant_key(
    p_tenant uuid,
    p_key text,
    p_secret bytea
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if get_byte(p_secret, 0) = 1 then
        return;
    end if;
    perform from aias_private.tenant_keys as k
    where k.tenant_id = p_tenant and k.id = p_key and k.status <> 'erased'
    for share;
    if not found then
        raise exception 'the key % of the tenant is gone: seal again', quote_literal(p_key)
            using errcode = 'JR409', column = 'p_key_id';
    end if;
end;
$$;
revoke execute on function aias_private.hold_tenant_key(uuid, text, bytea) from public;
comment on function aias_private.hold_tenant_key(uuid, text, bytea) is
'Keeps a tenant''s key in place until the transaction that seals something under it has ended.';
