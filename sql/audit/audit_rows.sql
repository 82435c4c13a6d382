-- aias_private.audit_rows: the hashes of the rows of a span of ids, in the audit log or in a copy of a part of it.
--
-- Caller    seal_audit with the log; check_audit_seal with it or with what an archive was brought back into.
-- Promise   SHA-256 of a row's columns as a JSON array, in UTF-8. No setting of the session changes it: the time is its
--           microseconds since 1970. This is form 1 of aias_private.audit_seals; a column that the log is given later needs a
--           form of its own.
-- Why       the expression stands in the statement: a function with a search_path of its own, called for each row, costs
--           more than the hash.
-- Plan      of the log: audit_log_id_idx; of a copy: what it has.
create or replace function aias_private.audit_rows(p_table regclass, p_from uuid, p_to uuid)
returns table (
    id uuid,
    tenant_id uuid,
    hash bytea
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query execute format(
        'select a.id, a.tenant_id, sha256(convert_to(jsonb_build_array('
        'a.id, a.tenant_id, (extract(epoch from a.at) * 1000000)::text, a.actor, a.actor_kind, a.action, a.object_kind,'
        ' a.object_id, a.detail, a.request_id, a.address, a.correlation_id, a.trace_id'
        ')::text, ''UTF8''))'
        ' from %s as a where a.id >= $1 and a.id < $2',
        p_table
    )
    using p_from, p_to;
end;
$$;
revoke execute on function aias_private.audit_rows(regclass, uuid, uuid) from public;
comment on function aias_private.audit_rows(regclass, uuid, uuid) is
'The hashes of the rows of a span of ids, in the audit log or in a copy of a part of it.';
