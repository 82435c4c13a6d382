-- aias.cache_invalidate: give nothing out any more of a namespace, of a key of it, or under a tag.
--
-- Promise   from the commit on, for every process. All three null: everything. A confined caller invalidates its own
--           tenant's values, an administrator everybody's.
-- Errors    JR422 a key without its namespace, or both a tag and a namespace.
-- requires: aias_private.note_cache_change
-- requires: aias_private.record_audit
create or replace function aias.cache_invalidate(
    p_namespace text default null,
    p_key text default null,
    p_tag text default null
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.caller_tenant();
begin
    if p_key is not null and p_namespace is null then
        raise exception 'a key stands in a namespace: say which' using errcode = 'JR422', column = 'p_namespace';
    end if;
    if p_tag is not null and p_namespace is not null then
        raise exception 'either a tag or a namespace' using errcode = 'JR422', column = 'p_tag';
    end if;
    if octet_length(p_namespace) > 63 or octet_length(p_key) > 500 or octet_length(p_tag) > 200 then
        raise exception 'a namespace has at most 63 bytes, a key 500, a tag 200' using errcode = 'JR422', column = 'p_key';
    end if;
    if v_tenant is null and not aias_private.caller_sees_all() then
        raise exception 'the role % has no tenant', aias_private.caller_role() using errcode = 'JR403';
    end if;
    perform aias_private.note_cache_change(
        v_tenant,
        case
            when p_key is not null then 'key:' || p_namespace || ':' || p_key
            when p_namespace is not null then 'ns:' || p_namespace
            else coalesce(p_tag, '*')
        end
    );
    perform aias_private.record_audit(
        v_tenant,
        'cache.invalidated',
        'cache',
        coalesce(p_namespace, p_tag, '*'),
        jsonb_strip_nulls(jsonb_build_object('namespace', p_namespace, 'key', p_key, 'tag', p_tag))
    );
end;
$$;
revoke execute on function aias.cache_invalidate(text, text, text) from public;
grant execute on function aias.cache_invalidate(text, text, text) to aias_app, aias_admin, aias_worker;
comment on function aias.cache_invalidate(text, text, text) is
'Invalidates what the cache holds: of a namespace, a key of it, under a tag, or all of it.';
