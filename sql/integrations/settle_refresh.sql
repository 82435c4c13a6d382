-- aias_private.settle_refresh: store the tokens that a refresh gave, in place of the old ones.
--
-- Promise   as long as the credentials are the ones that the caller refreshed, also when its claim has run out meanwhile:
--           new tokens are never thrown away for being late. False, and nothing changed, where the connection was made
--           anew. The connection is `connected` again.
-- Locks     the tenant's key, then the connection's row.
-- Errors    JR409 the key that sealed is gone.
-- requires: aias_private.hold_tenant_key
-- requires: aias_private.record_audit
-- requires: aias_private.set_integration_status
create or replace function aias_private.settle_refresh(
    p_tenant uuid,
    p_integration uuid,
    p_credential_version integer,
    p_secret bytea,
    p_key_id text,
    p_scopes text,
    p_token_lasts interval,
    p_refresh_token_lasts interval
)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := aias_private.now();
    v_row aias_private.integrations;
begin
    perform aias_private.hold_tenant_key(p_tenant, p_key_id, p_secret);
    update aias_private.integrations as i
    set
        secret = p_secret,
        key_id = p_key_id,
        credential_version = i.credential_version + 1,
        scopes = coalesce(left(p_scopes, 2000), i.scopes),
        token_expires_at = v_now + p_token_lasts,
        refresh_token_expires_at = v_now + p_refresh_token_lasts,
        refresh_began_at = null,
        refresh_holder = null,
        refresh_held_until = null,
        refresh_failure_count = 0,
        refresh_after = null
    where
        i.tenant_id = p_tenant
        and i.id = p_integration
        and i.credential_version = p_credential_version
    returning i.* into v_row;
    if not found then
        return false;
    end if;
    perform aias_private.record_audit(
        p_tenant,
        'integration.refreshed',
        'integration',
        p_integration::text,
        jsonb_build_object('kind', v_row.kind, 'name', v_row.name, 'token_expires_at', v_row.token_expires_at)
    );
    perform aias_private.set_integration_status(p_tenant, p_integration, v_row.credential_version, 'connected', null);
    return true;
end;
$$;
revoke execute on function
aias_private.settle_refresh(uuid, uuid, integer, bytea, text, text, interval, interval)
from public;
grant execute on function
aias_private.settle_refresh(uuid, uuid, integer, bytea, text, text, interval, interval)
to aias_worker, aias_admin;
comment on function
aias_private.settle_refresh(uuid, uuid, integer, bytea, text, text, interval, interval) is
'Stores refreshed tokens, unless the connection was made anew meanwhile.';
