-- aias_private.note_cache_uses: count uses of the cache, many at a time.
--
-- Caller    aias.cache, every few seconds: p_uses is an array of objects with the columns' names.
-- Promise   rows are inserted, none is locked.
create or replace function aias_private.note_cache_uses(p_uses jsonb)
returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    insert into aias_private.cache_uses (
        namespace, memory_hit_count, hit_count, miss_count, wait_count, failure_count
    )
    select u.namespace, u.memory_hit_count, u.hit_count, u.miss_count, u.wait_count, u.failure_count
    from jsonb_to_recordset(p_uses) as u(
        namespace text,
        memory_hit_count bigint,
        hit_count bigint,
        miss_count bigint,
        wait_count bigint,
        failure_count bigint
    )
$$;
revoke execute on function aias_private.note_cache_uses(jsonb) from public;
comment on function aias_private.note_cache_uses(jsonb) is 'Counts uses of the cache.';
