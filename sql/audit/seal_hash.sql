-- aias_private.seal_hash: the hash of a seal of the audit log, over all that it says and the seal before.
--
-- Caller    seal_audit and verify_audit.
-- Promise   SHA-256 of the seal's values, separated by bars, in UTF-8: times in microseconds since 1970, bytes in hexadecimal, the ids and
--           the marks of the rows by hashes of their own.
create or replace function aias_private.seal_hash(
    p_seq bigint,
    p_form smallint,
    p_from_id uuid,
    p_to_id uuid,
    p_row_ids uuid[],
    p_row_marks bytea,
    p_rows_digest bytea,
    p_previous_hash bytea,
    p_sealed_at timestamptz
)
returns bytea
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select sha256(
        convert_to(
            concat_ws(
                '|', p_seq, p_form, p_from_id, p_to_id, cardinality(p_row_ids),
                encode(sha256(convert_to(array_to_string(p_row_ids, ','), 'UTF8')), 'hex'),
                encode(sha256(p_row_marks), 'hex'), encode(p_rows_digest, 'hex'), encode(p_previous_hash, 'hex'),
                (extract(epoch from p_sealed_at) * 1000000)::text
            ),
            'UTF8'
        )
    )
$$;
revoke execute on function aias_private.seal_hash(
    bigint, smallint, uuid, uuid, uuid[], bytea, bytea, bytea, timestamptz
) from public;
comment on function aias_private.seal_hash(
    bigint, smallint, uuid, uuid, uuid[], bytea, bytea, bytea, timestamptz
) is 'The SHA-256 of a seal of the audit log, with the hash of the seal before in it.';
