-- aias.archives: what was archived, where it is, and whether it is brought back.
-- requires: aias_private.restored_name
create or replace view aias.archives as
select
    a.id,
    a.table_name,
    a.partition_name,
    a.part,
    aias_private.uuid7_time(a.from_id) as from_time,
    aias_private.uuid7_time(a.to_id) as to_time,
    a.state,
    a.row_count,
    a.byte_count,
    a.sha256,
    a.checksum,
    a.location,
    a.schema,
    a.created_at,
    a.written_at,
    a.verified_at,
    to_regclass('aias_archive.' || quote_ident(aias_private.restored_name(a.partition_name, a.part)))::text
        as restored_as
from aias_private.archives as a
where (select aias_private.caller_sees_all());
grant select on aias.archives to aias_worker, aias_analyst, aias_admin;
comment on view aias.archives is 'What was written to Parquet files before it was dropped, one row per file. Fresh.';
comment on column aias.archives.id is 'The archive''s id (UUIDv7: by time of archiving).';
comment on column aias.archives.table_name is 'The table that the rows were in.';
comment on column aias.archives.partition_name is 'Its partition: table_YYYY_MM.';
comment on column aias.archives.part is 'Which of the archives of partitions of this name, from 1; more than one only where stray rows came later.';
comment on column aias.archives.from_time is 'Ids in it were made at this time or later; null where that is not known.';
comment on column aias.archives.to_time is 'Ids in it were made before this time; null where that is not known.';
comment on column aias.archives.state is
'writing (not complete: the next run writes it anew), written (complete, not read back) or verified (read back: it may be dropped).';
comment on column aias.archives.row_count is 'How many rows it has; null before it is written.';
comment on column aias.archives.byte_count is 'How many bytes its file has; null before it is written.';
comment on column aias.archives.sha256 is 'The SHA-256 of its file, in hexadecimal; null before it is written.';
comment on column aias.archives.checksum is 'The sum of the hashes of its rows, as a number without a unit; null before it is written.';
comment on column aias.archives.location is 'The URL of its file; its manifest lies beside it.';
comment on column aias.archives.schema is 'Its columns in their order: name, type (PostgreSQL''s), form (how it stands in the file), is_nullable.';
comment on column aias.archives.created_at is 'When archiving it began.';
comment on column aias.archives.written_at is 'When its file was complete.';
comment on column aias.archives.verified_at is 'When it was last read back and found to hold what was archived.';
comment on column aias.archives.restored_as is 'The table that holds its rows again; null while it is not brought back.';
