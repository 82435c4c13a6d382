-- aias_private.tend_cache: sum up the uses, drop what is not good any more, and the changes that nothing depends on.
--
-- Caller    the system's periodic work, every minute.
-- Promise   at most 10,000 entries at a time; an entry that somebody works on is passed over. A change is dropped when
--           every entry that is left was computed after it.
-- requires: aias_private.find_cached
create or replace function aias_private.tend_cache()
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := aias_private.now();
    v_oldest xid8;
    v_count integer;
begin
    -- one at a time; another one has just done it
    if not pg_try_advisory_xact_lock(hashtextextended('aias_private.tend_cache', 0)) then
        return 0;
    end if;
    with taken as (
        delete from aias_private.cache_uses
        returning namespace, memory_hit_count, hit_count, miss_count, wait_count, failure_count
    )

    insert into aias_private.cache_counts as c (
        namespace, memory_hit_count, hit_count, miss_count, wait_count, failure_count
    )
    select
        t.namespace,
        sum(t.memory_hit_count),
        sum(t.hit_count),
        sum(t.miss_count),
        sum(t.wait_count),
        sum(t.failure_count)
    from taken as t
    group by t.namespace
    on conflict (namespace) do update
    set
        memory_hit_count = c.memory_hit_count + excluded.memory_hit_count,
        hit_count = c.hit_count + excluded.hit_count,
        miss_count = c.miss_count + excluded.miss_count,
        wait_count = c.wait_count + excluded.wait_count,
        failure_count = c.failure_count + excluded.failure_count;
    with bad as (
        select e.tenant_id, e.namespace, e.key
        from aias_private.cache_entries as e
        where
            (e.lease_until is null or e.lease_until < v_now)
            and aias_private.find_cached(e.tenant_id, e.namespace, e.key) is null
        limit 10000
        for update skip locked
    )

    delete from aias_private.cache_entries as e
    using bad as b
    where e.tenant_id = b.tenant_id and e.namespace = b.namespace and e.key = b.key;
    get diagnostics v_count = row_count;
    select least(min(pg_snapshot_xmin(e.snapshot)), min(pg_snapshot_xmin(e.lease_snapshot)))
    into v_oldest
    from aias_private.cache_entries as e;
    delete from aias_private.cache_changes as c
    where c.xid < coalesce(v_oldest, pg_snapshot_xmin(pg_current_snapshot())) and c.at < v_now - interval '1 minute';
    return v_count;
end;
$$;
revoke execute on function aias_private.tend_cache() from public;
comment on function aias_private.tend_cache() is
'Sums up the uses of the cache and drops what is not good any more; returns how many values.';
