-- Archives: what was written to Parquet before it may be dropped, one row per file.
--
-- The rows themselves are in the file; here stands where it is and what it must hold. A partition's name may come again
-- (a stray row of an old month): what was archived under it before stays, and the new rows are its next part.
create table aias_private.archives (
    id uuid default aias_private.uuid7() not null,
    table_name text not null,
    partition_name text not null,
    part integer default 1 not null,
    -- the partition itself: another of the same name is not what was archived
    partition_oid oid not null,
    -- the bounds of the partition's ids, [from, to); null where it was detached before it was archived
    from_id uuid,
    to_id uuid,
    -- name, PostgreSQL type, form in the file, and whether it may be null; in the order of the columns
    schema jsonb not null,
    location text not null,
    state text default 'writing' not null,
    row_count bigint,
    byte_count bigint,
    sha256 text,
    -- what PostgreSQL computes over the rows: the sum of the first 64 bits of each row's SHA-256
    checksum numeric,
    created_at timestamptz default aias_private.now() not null,
    written_at timestamptz,
    verified_at timestamptz,
    constraint archives_pkey primary key (id),
    constraint archives_partition_key unique (table_name, partition_name, part),
    constraint archives_location_key unique (location),
    constraint part_is_counted_from_1 check (part >= 1),
    constraint range_is_whole check ((from_id is null) = (to_id is null) and from_id < to_id),
    constraint schema_is_an_array check (jsonb_typeof(schema) = 'array'),
    constraint state_is_known check (state in ('writing', 'written', 'verified')),
    constraint sha256_is_hex check (sha256 ~ '^[0-9a-f]{64}$'),
    constraint contents_known_when_written check (
        state = 'writing'
        or (
            row_count is not null
            and byte_count is not null
            and sha256 is not null
            and checksum is not null
            and written_at is not null
        )
    ),
    constraint verified_at_set_when_verified check ((verified_at is not null) = (state = 'verified'))
);
comment on table aias_private.archives is
'One Parquet file each that holds the rows of a partition; only what is verified may be dropped.';

-- what an archive brings back is for people who ask questions, and they see where it came to
grant usage on schema aias_archive to aias_worker, aias_analyst, aias_admin;
