-- aias.cache_get: a value of the cache, or null.
--
-- Promise   a confined caller sees its own tenant's values only. The use is counted, except in a read-only transaction.
-- requires: aias_private.find_cached
create or replace function aias.cache_get(
    p_namespace text,
    p_key text
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_value constant jsonb := aias_private.find_cached(aias_private.caller_tenant(), p_namespace, p_key);
begin
    if not current_setting('transaction_read_only')::boolean then
        insert into aias_private.cache_uses (namespace, hit_count, miss_count)
        values (p_namespace, (v_value is not null)::integer, (v_value is null)::integer);
    end if;
    return v_value;
end;
$$;
revoke execute on function aias.cache_get(text, text) from public;
grant execute on function aias.cache_get(text, text) to aias_app, aias_admin, aias_worker;
comment on function aias.cache_get(text, text) is
'A value of the cache that has neither run out nor been invalidated; null where there is none.';
