-- aias_private.audit_rows: the hashes of the rows of a span of ids, in the audit log or in a copy of a part of it.
--
-- Caller    seal_audit with the log; check_audit_seal with it or with what an archive was brought back into.
-- Plan      of the log: audit_log_id_idx; of a copy: what it has.
-- requires: aias_private.audit_hash
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
        'select a.id, a.tenant_id, aias_private.audit_hash('
        'a.id, a.tenant_id, a.at, a.actor, a.actor_kind, a.action, a.object_kind, a.object_id, a.detail,'
        ' a.request_id, a.address, a.correlation_id, a.trace_id)'
        ' from %s as a where a.id >= $1 and a.id < $2',
        p_table
    )
    using p_from, p_to;
end;
$$;
revoke execute on function aias_private.audit_rows(regclass, uuid, uuid) from public;
comment on function aias_private.audit_rows(regclass, uuid, uuid) is
'The hashes of the rows of a span of ids, in the audit log or in a copy of a part of it.';
