-- aias.cache_stats: how the cache is used.
create or replace view aias.cache_stats as
with uses as (
    select
        u.namespace,
        u.memory_hit_count,
        u.hit_count,
        u.miss_count,
        u.wait_count,
        u.failure_count
    from aias_private.cache_uses as u
    union all
    select
        c.namespace,
        c.memory_hit_count,
        c.hit_count,
        c.miss_count,
        c.wait_count,
        c.failure_count
    from aias_private.cache_counts as c
),

entries as (
    select
        e.namespace,
        count(*) as entry_count,
        sum(pg_column_size(e.value)) as byte_count
    from aias_private.cache_entries as e
    where e.value is not null
    group by e.namespace
)

select
    u.namespace,
    sum(u.memory_hit_count)::bigint as memory_hit_count,
    sum(u.hit_count)::bigint as hit_count,
    sum(u.miss_count)::bigint as miss_count,
    sum(u.wait_count)::bigint as wait_count,
    sum(u.failure_count)::bigint as failure_count,
    round(
        sum(u.memory_hit_count + u.hit_count)
        / nullif(sum(u.memory_hit_count + u.hit_count + u.miss_count), 0),
        4
    ) as hit_rate,
    coalesce(max(e.entry_count), 0)::bigint as entry_count,
    coalesce(max(e.byte_count), 0)::bigint as byte_count
from uses as u
left join entries as e on u.namespace = e.namespace
group by u.namespace;
grant select on aias.cache_stats to aias_worker, aias_analyst, aias_admin;
comment on view aias.cache_stats is
'The cache per namespace: uses since the database last crashed, and what it holds. Fresh to a few seconds.';
comment on column aias.cache_stats.namespace is 'The namespace.';
comment on column aias.cache_stats.memory_hit_count is 'Uses that a process answered from its own memory.';
comment on column aias.cache_stats.hit_count is 'Uses that the cache in the database answered.';
comment on column aias.cache_stats.miss_count is 'Uses for which the value was computed.';
comment on column aias.cache_stats.wait_count is 'Uses that waited for another process to compute the value; they end as hits or misses.';
comment on column aias.cache_stats.failure_count is
'Uses in which the cache could not be asked; the value was computed, and they are misses too.';
comment on column aias.cache_stats.hit_rate is 'The part of the uses that were hits, from 0 to 1; null before the first use.';
comment on column aias.cache_stats.entry_count is 'How many values it holds, of all tenants, some of them not good any more.';
comment on column aias.cache_stats.byte_count is 'How many bytes these have.';
