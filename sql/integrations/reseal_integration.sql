-- aias_private.reseal_integration: put the same secret under another key.
--
-- Promise   false, and nothing changed, where the secret is not any more what the caller read: a token that was refreshed
--           meanwhile wins.
-- requires: aias_private.hold_tenant_key
create or replace function aias_private.reseal_integration(
    p_tenant uuid,
    p_integration uuid,
    p_from bytea,
    p_secret bytea,
    p_key_id text
)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform aias_private.hold_tenant_key(p_tenant, p_key_id, p_secret);
    update aias_private.integrations as i
    set secret = p_secret, key_id = p_key_id
    where i.tenant_id = p_tenant and i.id = p_integration and i.secret = p_from;
    return found;
end;
$$;
revoke execute on function aias_private.reseal_integration(uuid, uuid, bytea, bytea, text) from public;
grant execute on function aias_private.reseal_integration(uuid, uuid, bytea, bytea, text) to aias_admin;
comment on function aias_private.reseal_integration(uuid, uuid, bytea, bytea, text) is
'Stores a connection''s secret sealed under another key, unless it was changed meanwhile.';
