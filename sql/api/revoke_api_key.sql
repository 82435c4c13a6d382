-- aias.revoke_api_key: refuse a key from now on.
--
-- Promise   the next request with it is refused: every request looks its key up. The row stays.
-- Returns   false when it was revoked before.
-- Errors    JR404 no such key.
-- requires: aias_private.caller_actor
-- requires: aias_private.nil_uuid
-- requires: aias_private.record_audit
create or replace function aias.revoke_api_key(p_key text)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key record;
begin
    select k.tenant_id, k.name, k.revoked_at, k.scopes, k.expires_at into v_key
    from aias_private.api_keys as k
    where
        k.id = p_key
        and (aias_private.caller_sees_all() or k.tenant_id = aias_private.caller_tenant())
    for update;
    if not found then
        raise exception 'there is no key %', coalesce(quote_literal(left(p_key, 60)), 'null')
            using errcode = 'JR404', column = 'p_key';
    end if;
    if v_key.revoked_at is not null then
        return false;
    end if;
    update aias_private.api_keys as k
    set revoked_at = aias_private.now(), revoked_by = aias_private.caller_actor()
    where k.tenant_id = v_key.tenant_id and k.id = p_key;
    perform aias_private.record_audit(
        nullif(v_key.tenant_id, aias_private.nil_uuid()),
        'api_key.revoked',
        'api_key',
        p_key,
        jsonb_build_object(
            'name', v_key.name,
            'status', 'revoked',
            'before', jsonb_build_object('status', 'active', 'scopes', v_key.scopes, 'expires_at', v_key.expires_at)
        )
    );
    return true;
end;
$$;
revoke execute on function aias.revoke_api_key(text) from public;
grant execute on function aias.revoke_api_key(text) to aias_app, aias_admin;
comment on function aias.revoke_api_key(text) is
'Revokes a key of the HTTP API at once; false when it was revoked before.';
