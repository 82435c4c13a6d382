-- aias_private.end_cached: store what was computed under a lease, or give the lease back (p_value null).
--
-- Caller    aias.cache.
-- Promise   stored only under the lease that is in force; one that ran out and went to another changes nothing. The
--           time to live is stretched or shortened by up to a tenth, so that what was stored at one time does not
--           run out at one time.
-- requires: aias_private.nil_uuid
create or replace function aias_private.end_cached(
    p_tenant uuid,
    p_namespace text,
    p_key text,
    p_lease uuid,
    p_value jsonb,
    p_ttl interval
)
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update aias_private.cache_entries as e
    set
        value = coalesce(p_value, e.value),
        snapshot = case when p_value is null then e.snapshot else e.lease_snapshot end,
        expires_at = case
            when p_value is null then e.expires_at
            else aias_private.now() + p_ttl * (0.9 + 0.2 * random())
        end,
        lease = null,
        lease_snapshot = null,
        lease_until = null
    where
        e.tenant_id = coalesce(p_tenant, aias_private.nil_uuid())
        and e.namespace = p_namespace
        and e.key = p_key
        and e.lease = p_lease;
    return found;
end;
$$;
revoke execute on function aias_private.end_cached(uuid, text, text, uuid, jsonb, interval) from public;
comment on function aias_private.end_cached(uuid, text, text, uuid, jsonb, interval) is
'Stores what was computed under a lease of the cache, or gives the lease back.';
