-- aias.erase_tenant_keys: make every secret of a tenant unreadable, here and in whatever copies of the table there are.
--
-- Promise   the tenant's keys are gone, and with them what they sealed. Rows of the first version, which the master key
--           opens by itself, are overwritten. The connections stay, revoked: connecting again begins with a new key.
-- Locks     the tenant's keys, then its connections.
-- Errors    JR404 no such tenant.
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
create or replace function aias.erase_tenant_keys(p_tenant text)
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.tenant_by_slug(p_tenant);
    v_now constant timestamptz := aias_private.now();
    v_erased integer;
    v_revoked integer;
begin
    update aias_private.tenant_keys as k
    set status = 'erased', wrapped = null, retired_at = coalesce(k.retired_at, v_now), erased_at = v_now
    where k.tenant_id = v_tenant and k.status <> 'erased';
    get diagnostics v_erased = row_count;
    delete from aias_private.oauth_states as s where s.tenant_id = v_tenant;
    update aias_private.integrations as i
    set
        secret = '\x02' || decode(repeat('00', 28), 'hex'),
        credential_version = i.credential_version + 1,
        status = 'revoked',
        status_reason = 'the credentials were erased',
        refresh_began_at = null,
        refresh_holder = null,
        refresh_held_until = null
    where i.tenant_id = v_tenant;
    get diagnostics v_revoked = row_count;
    perform aias_private.record_audit(
        v_tenant,
        'tenant_key.erased',
        'tenant',
        v_tenant::text,
        jsonb_build_object('keys', v_erased, 'connections', v_revoked)
    );
    return v_erased;
end;
$$;
revoke execute on function aias.erase_tenant_keys(text) from public;
grant execute on function aias.erase_tenant_keys(text) to aias_admin;
comment on function aias.erase_tenant_keys(text) is
'Erases a tenant''s keys: none of its stored credentials can be read again. Returns how many keys there were.';
