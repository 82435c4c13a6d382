-- aias_private.audit_hash: the hash of a row of the audit log.
--
-- Caller    audit_rows, and whoever verifies rows elsewhere.
-- Promise   SHA-256 of the row's columns as a JSON array, in the order of the arguments, in UTF-8. No setting of the session
--           changes it: the time is its microseconds since 1970. This is form 1 of aias_private.audit_seals; a column that the log is
--           given later needs a form of its own.
create or replace function aias_private.audit_hash(
    p_id uuid,
    p_tenant_id uuid,
    p_at timestamptz,
    p_actor text,
    p_actor_kind text,
    p_action text,
    p_object_kind text,
    p_object_id text,
    p_detail jsonb,
    p_request_id text,
    p_address text,
    p_correlation_id text,
    p_trace_id text
)
returns bytea
language sql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select sha256(
        convert_to(
            jsonb_build_array(
                p_id, p_tenant_id, (extract(epoch from p_at) * 1000000)::text, p_actor, p_actor_kind, p_action,
                p_object_kind, p_object_id, p_detail, p_request_id, p_address, p_correlation_id, p_trace_id
            )::text,
            'UTF8'
        )
    )
$$;
revoke execute on function aias_private.audit_hash(
    uuid, uuid, timestamptz, text, text, text, text, text, jsonb, text, text, text, text
) from public;
comment on function aias_private.audit_hash(
    uuid, uuid, timestamptz, text, text, text, text, text, jsonb, text, text, text, text
) is 'The SHA-256 of a row of the audit log, whatever the settings of the session.';
