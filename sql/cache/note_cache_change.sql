-- aias_private.note_cache_change: from this transaction's commit on, what carries a tag is not given out any more.
--
-- Caller    aias.cache_invalidate and the triggers on the rows that feed the cache.
-- Promise   p_tenant null: of all tenants. Locks nothing and waits for nobody. The processes' own memories are told when it
--           commits (channel aias_cache).
-- requires: aias_private.nil_uuid
create or replace function aias_private.note_cache_change(
    p_tenant uuid,
    p_tag text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into aias_private.cache_changes (tenant_id, tag)
    values (coalesce(p_tenant, aias_private.nil_uuid()), p_tag);
    perform pg_notify('aias_cache', jsonb_build_object('tenant', p_tenant, 'tag', p_tag)::text);
end;
$$;
revoke execute on function aias_private.note_cache_change(uuid, text) from public;
comment on function aias_private.note_cache_change(uuid, text) is
'Invalidates what the cache holds under a tag, when the transaction commits.';
