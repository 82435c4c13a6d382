-- aias_private.end_session: sign somebody out, here or everywhere.
--
-- Promise   p_everywhere ends all sessions of the same person, or of the same key. It is in the audit log. An unknown
--           session changes nothing.
-- Returns   how many ended.
-- requires: aias_private.nil_uuid
-- requires: aias_private.record_audit
create or replace function aias_private.end_session(
    p_token_hash bytea,
    p_everywhere boolean
)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_session aias_private.dashboard_sessions;
    v_count integer;
begin
    delete from aias_private.dashboard_sessions as s
    where s.token_hash = p_token_hash
    returning s.* into v_session;
    if not found then
        return 0;
    end if;
    v_count := 1;
    if p_everywhere then
        delete from aias_private.dashboard_sessions as s
        where
            s.tenant_id = v_session.tenant_id
            and (s.user_id = v_session.user_id or s.key_id = v_session.key_id);
        get diagnostics v_count = row_count;
        v_count := v_count + 1;
    end if;
    perform set_config(
        'aias.actor', coalesce('user:' || v_session.user_id, 'key:' || v_session.key_id), true
    );
    perform aias_private.record_audit(
        nullif(v_session.tenant_id, aias_private.nil_uuid()),
        'dashboard.signed_out',
        'dashboard_session',
        v_session.id::text,
        jsonb_build_object('sessions', v_count)
    );
    return v_count;
end;
$$;
revoke execute on function aias_private.end_session(bytea, boolean) from public;
grant execute on function aias_private.end_session(bytea, boolean) to aias_admin;
comment on function aias_private.end_session(bytea, boolean) is
'Signs out of the dashboard: this session, or all of the same person or key; returns how many ended.';
