-- aias_private.drop_tenant_keys: forget the retired keys under which nothing is sealed any more.
--
-- Promise   a key that a secret or a consent in progress needs stays. Whoever is just sealing under one is waited for.
-- Locks     the tenant's retired keys, in id order.
-- requires: aias_private.hold_tenant_key
create or replace function aias_private.drop_tenant_keys(p_tenant uuid)
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_dropped integer;
begin
    perform from aias_private.tenant_keys as k
    where k.tenant_id = p_tenant and k.status = 'retired'
    order by k.id
    for update;
    -- a statement of its own: it sees what was stored by those that the locks had to wait for
    delete from aias_private.tenant_keys as k
    where
        k.tenant_id = p_tenant
        and k.status = 'retired'
        and not exists (
            select from aias_private.integrations as i where i.tenant_id = k.tenant_id and i.key_id = k.id
        )
        and not exists (
            select from aias_private.oauth_states as s
            where
                s.tenant_id = k.tenant_id
                and s.key_id = k.id
                and s.used_at is null
                and s.expires_at > aias_private.now()
        );
    get diagnostics v_dropped = row_count;
    return v_dropped;
end;
$$;
revoke execute on function aias_private.drop_tenant_keys(uuid) from public;
grant execute on function aias_private.drop_tenant_keys(uuid) to aias_worker, aias_admin;
comment on function aias_private.drop_tenant_keys(uuid) is
'Forgets a tenant''s retired keys that nothing needs any more, and returns how many.';
