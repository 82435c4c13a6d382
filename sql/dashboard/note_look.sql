-- aias_private.note_look: write to the audit log that an operator looks into a tenant, once an hour and session.
--
-- Caller    the dashboard, in the transaction that reads; p_tenant null means that all tenants are looked at together.
-- Promise   a look that is not in the log is not given: both are in the caller's transaction.
-- requires: aias_private.nil_uuid
-- requires: aias_private.record_audit
create or replace function aias_private.note_look(
    p_session uuid,
    p_tenant uuid
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := aias_private.now();
    v_tenant constant uuid := coalesce(p_tenant, aias_private.nil_uuid());
begin
    -- most looks are not the hour's first
    if exists (
        select from aias_private.dashboard_looks as l
        where l.tenant_id = v_tenant and l.session_id = p_session and l.looked_at > v_now - interval '1 hour'
    ) then
        return;
    end if;
    insert into aias_private.dashboard_looks as l (tenant_id, session_id, looked_at)
    values (v_tenant, p_session, v_now)
    on conflict (tenant_id, session_id) do update
    set looked_at = excluded.looked_at
    where l.looked_at <= excluded.looked_at - interval '1 hour';
    if found then
        perform aias_private.record_audit(
            p_tenant, 'dashboard.looked', 'dashboard_session', p_session::text, '{}'
        );
    end if;
end;
$$;
revoke execute on function aias_private.note_look(uuid, uuid) from public;
grant execute on function aias_private.note_look(uuid, uuid) to aias_admin;
comment on function aias_private.note_look(uuid, uuid) is
'Writes to the audit log that an operator looks into a tenant, or at all of them, once an hour and session.';
