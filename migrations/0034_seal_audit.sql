-- The seals of the audit log: a chain of hashes over its rows, and what the looks at it have found.
--
-- A seal covers the ids from from_id up to but without to_id, where the next one begins: there is no id between two seals.
-- It keeps the ids and half of each row's hash, 32 bytes a row, so that the row that was touched can be named; what counts
-- is rows_digest, over the whole hashes. It lies within one month, as the partitions of the log do, and stays when its rows
-- were archived. The triggers that keep it append-only stand in sql/audit. Its form is one of a few, and never counts up.
-- squawk-ignore-file prefer-bigint-over-smallint
create table aias_private.audit_seals (
    seq bigint not null,
    -- which columns are hashed, and how: aias_private.audit_rows
    form smallint default 1 not null,
    from_id uuid not null,
    to_id uuid not null,
    row_count integer not null,
    row_ids uuid[] not null,
    -- the first 16 bytes of each row's hash
    row_marks bytea not null,
    rows_digest bytea not null,
    previous_hash bytea not null,
    hash bytea not null,
    sealed_at timestamptz not null,
    constraint audit_seals_pkey primary key (seq),
    constraint seq_is_positive check (seq > 0),
    constraint form_is_known check (form = 1),
    constraint to_id_is_after check (to_id > from_id),
    constraint row_count_is_positive check (row_count > 0),
    constraint each_row_has_an_id_and_a_mark check (
        cardinality(row_ids) = row_count and octet_length(row_marks) = 16 * row_count
    ),
    constraint hashes_are_sha256 check (
        octet_length(rows_digest) = 32 and octet_length(previous_hash) = 32 and octet_length(hash) = 32
    )
);
-- hashes don't compress, and are read in slices
alter table aias_private.audit_seals alter column row_marks set storage external;
comment on table aias_private.audit_seals is
'The seals of the audit log, each over a batch of rows and the seal before. Rows are never changed or removed.';

create table aias_private.audit_verifications (
    id bigint generated always as identity,
    kind text not null,
    from_seal bigint not null,
    to_seal bigint not null,
    is_ok boolean not null,
    checked_count bigint not null,
    archived_count bigint not null,
    unsealed_count bigint not null,
    finding text,
    first_bad_id uuid,
    bad_seal bigint,
    reason text,
    head_hash bytea,
    verified_at timestamptz default aias_private.now() not null,
    verified_by text not null,
    constraint audit_verifications_pkey primary key (id),
    constraint kind_is_known check (kind in ('asked', 'new', 'rolling')),
    constraint finding_is_known check (
        finding in ('altered', 'missing', 'inserted', 'seal_altered', 'seal_missing', 'guard_off')
    ),
    constraint finding_set_unless_ok check (is_ok = (finding is null)),
    constraint reason_set_unless_ok check (is_ok = (reason is null))
);
create index audit_verifications_new_idx on aias_private.audit_verifications (to_seal) where is_ok;
create index audit_verifications_found_idx on aias_private.audit_verifications (id) where not is_ok;
comment on table aias_private.audit_verifications is 'Every look at the chain of the audit log, and what it found.';
