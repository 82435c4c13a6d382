-- aias_private.find_cached: a value of the cache that is still good; null where there is none.
--
-- Promise   never a value that was computed before a change of one of its tags that has committed. A change of all tenants
--           counts for every entry, a tenant's for its own entries and for those of no tenant.
-- Plan      cache_entries_pkey, then cache_changes_tag_idx.
-- requires: aias_private.nil_uuid
create or replace function aias_private.find_cached(
    p_tenant uuid,
    p_namespace text,
    p_key text
)
returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select e.value
    from aias_private.cache_entries as e
    where
        e.tenant_id = coalesce(p_tenant, aias_private.nil_uuid())
        and e.namespace = p_namespace
        and e.key = p_key
        and e.expires_at > aias_private.now()
        and not exists (
            select
            from aias_private.cache_changes as c
            where
                c.tag = any(e.tags || array['ns:' || p_namespace, 'key:' || p_namespace || ':' || p_key, '*'])
                and (
                    c.tenant_id in (e.tenant_id, aias_private.nil_uuid())
                    or e.tenant_id = aias_private.nil_uuid()
                )
                and not pg_visible_in_snapshot(c.xid, e.snapshot)
        )
$$;
revoke execute on function aias_private.find_cached(uuid, text, text) from public;
comment on function aias_private.find_cached(uuid, text, text) is 'A value of the cache that is still good, or null.';
