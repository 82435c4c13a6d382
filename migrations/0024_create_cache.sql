-- The cache. Everything here is unlogged: a crash empties it, which costs time and nothing else.
--
-- Nothing is deleted to invalidate. An entry keeps the snapshot from before its value was computed; a change is a row with its
-- transaction's id. An entry is good while every change of its tags that has committed was visible in its snapshot. So a
-- value computed from what was there before a change, however late it is stored, is never given out after it, and
-- whoever changes something inserts a row: it neither waits for anybody nor holds anybody up.

create unlogged table aias_private.cache_entries (
    -- the nil UUID for what belongs to no tenant
    tenant_id uuid default '00000000-0000-0000-0000-000000000000' not null,
    namespace text not null,
    key text not null,
    value jsonb,
    tags text[] default '{}' not null,
    -- what was visible before the value was computed
    snapshot pg_snapshot,
    expires_at timestamptz,
    -- who computes the value just now, what was visible before, and until when others wait for it
    lease uuid,
    lease_snapshot pg_snapshot,
    lease_until timestamptz,
    constraint cache_entries_pkey primary key (tenant_id, namespace, key),
    constraint namespace_is_a_word check (namespace ~ '^[a-z][a-z0-9_-]{0,62}$'),
    constraint key_is_short check (octet_length(key) between 0 and 500),
    constraint value_is_whole check (
        (value is null) = (snapshot is null) and (value is null) = (expires_at is null)
    ),
    constraint lease_is_whole check (
        (lease is null) = (lease_snapshot is null) and (lease is null) = (lease_until is null)
    )
);
create index cache_entries_expires_at_idx on aias_private.cache_entries (expires_at);
comment on table aias_private.cache_entries is 'Values that can be computed again, and who computes them just now.';

alter table aias_private.cache_entries enable row level security;
alter table aias_private.cache_entries force row level security;
create policy tenant_isolation on aias_private.cache_entries
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

create unlogged table aias_private.cache_changes (
    -- the nil UUID: of all tenants
    tenant_id uuid not null,
    tag text not null,
    xid xid8 default pg_current_xact_id() not null,
    at timestamptz default aias_private.now() not null
);
create index cache_changes_tag_idx on aias_private.cache_changes (tag, tenant_id);
comment on table aias_private.cache_changes is 'What has changed under which tag, and in which transaction.';

alter table aias_private.cache_changes enable row level security;
alter table aias_private.cache_changes force row level security;
-- a change of all tenants is everybody's
create policy tenant_isolation on aias_private.cache_changes
using (
    (select aias_private.caller_sees_all())
    or tenant_id in ((select aias_private.caller_tenant()), '00000000-0000-0000-0000-000000000000')
);

-- Uses are inserted, one row per use or per many of them, and summed up by the upkeep: counting locks nothing.
create unlogged table aias_private.cache_uses (
    namespace text not null,
    memory_hit_count bigint default 0 not null,
    hit_count bigint default 0 not null,
    miss_count bigint default 0 not null,
    wait_count bigint default 0 not null,
    failure_count bigint default 0 not null
);
comment on table aias_private.cache_uses is 'Uses of the cache that are not summed up yet.';

create unlogged table aias_private.cache_counts (
    namespace text not null,
    memory_hit_count bigint not null,
    hit_count bigint not null,
    miss_count bigint not null,
    wait_count bigint not null,
    failure_count bigint not null,
    since timestamptz default aias_private.now() not null,
    constraint cache_counts_pkey primary key (namespace)
);
comment on table aias_private.cache_counts is 'Uses of the cache, summed up per namespace.';
