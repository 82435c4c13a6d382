-- aias.cache_put: store a value in the cache.
--
-- Promise   a confined caller stores for its own tenant. The value is good for p_ttl, stretched or shortened by up to a tenth, or
--           until a change of one of its tags commits that this statement does not see yet. Rolled back with the caller's
--           transaction.
-- Errors    JR422 an argument is not valid.
-- requires: aias_private.nil_uuid
create or replace function aias.cache_put(
    p_namespace text,
    p_key text,
    p_value jsonb,
    p_ttl interval default interval '5 minutes',
    p_tags text[] default '{}'
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_namespace is null or p_namespace !~ '^[a-z][a-z0-9_-]{0,62}$' then
        raise exception 'a namespace is a word of small letters, digits, dashes and underscores, not %',
            coalesce(quote_literal(left(p_namespace, 60)), 'null')
            using errcode = 'JR422', column = 'p_namespace';
    end if;
    if p_key is null or octet_length(p_key) > 500 then
        raise exception 'a key has at most 500 bytes' using errcode = 'JR422', column = 'p_key';
    end if;
    if p_value is null or octet_length(p_value::text) > 1000000 then
        raise exception 'a value has at most 1,000,000 bytes, and is not null (JSON null is one)'
            using errcode = 'JR422', column = 'p_value';
    end if;
    if p_ttl is null or p_ttl not between interval '1 millisecond' and interval '1 day' then
        raise exception 'a value is kept for a day at most, not for %', p_ttl using errcode = 'JR422', column = 'p_ttl';
    end if;
    if p_tags is null or cardinality(p_tags) > 20 or exists (
        select from unnest(p_tags) as t(tag) where t.tag is null or octet_length(t.tag) not between 1 and 200
    ) then
        raise exception 'at most 20 tags of 1 to 200 bytes' using errcode = 'JR422', column = 'p_tags';
    end if;
    insert into aias_private.cache_entries as e (tenant_id, namespace, key, value, tags, snapshot, expires_at)
    values (
        coalesce(aias_private.caller_tenant(), aias_private.nil_uuid()),
        p_namespace,
        p_key,
        p_value,
        p_tags,
        pg_current_snapshot(),
        aias_private.now() + p_ttl * (0.9 + 0.2 * random())
    )
    on conflict (tenant_id, namespace, key) do update
    set
        value = excluded.value,
        tags = excluded.tags,
        snapshot = excluded.snapshot,
        expires_at = excluded.expires_at,
        lease = null,
        lease_snapshot = null,
        lease_until = null;
end;
$$;
revoke execute on function aias.cache_put(text, text, jsonb, interval, text[]) from public;
grant execute on function aias.cache_put(text, text, jsonb, interval, text[]) to aias_app, aias_admin, aias_worker;
comment on function aias.cache_put(text, text, jsonb, interval, text[]) is
'Stores a value in the cache for a time, with tags by which it can be invalidated.';
