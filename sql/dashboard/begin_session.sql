-- aias_private.begin_session: sign somebody in to the dashboard.
--
-- Caller    the dashboard, with a key that it has accepted, or with the hash of a mailed link's token.
-- Promise   a link signs in once: it goes in the same statement, so that of two at once one finds it. The session is a new
--           one, whatever the browser had before. It is in the audit log.
-- Returns   whether it is signed in; false for a link that is used, expired or unknown.
-- requires: aias_private.nil_uuid
-- requires: aias_private.record_audit
create or replace function aias_private.begin_session(
    p_token_hash bytea,
    p_key text,
    p_link_hash bytea,
    p_lifetime interval
)
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := aias_private.now();
    v_tenant uuid;
    v_user uuid;
    v_id uuid;
begin
    if p_link_hash is not null then
        delete from aias_private.sign_in_links as l
        where l.token_hash = p_link_hash and l.expires_at > v_now
        returning l.tenant_id, l.user_id into v_tenant, v_user;
    else
        select k.tenant_id into v_tenant from aias_private.api_keys as k where k.id = p_key;
    end if;
    if v_tenant is null then
        return false;
    end if;
    insert into aias_private.dashboard_sessions (
        tenant_id, token_hash, user_id, key_id, created_at, seen_at, expires_at
    )
    values (
        v_tenant,
        p_token_hash,
        v_user,
        case when v_user is null then p_key end,
        v_now,
        v_now,
        v_now + p_lifetime
    )
    returning id into v_id;
    perform set_config('aias.actor', case when v_user is null then 'key:' || p_key else 'user:' || v_user end, true);
    perform aias_private.record_audit(
        nullif(v_tenant, aias_private.nil_uuid()), 'dashboard.signed_in', 'dashboard_session', v_id::text, '{}'
    );
    return true;
end;
$$;
revoke execute on function aias_private.begin_session(bytea, text, bytea, interval) from public;
grant execute on function aias_private.begin_session(bytea, text, bytea, interval) to aias_admin;
comment on function aias_private.begin_session(bytea, text, bytea, interval) is
'Signs somebody in to the dashboard, with an accepted key or by a mailed link; false where the link is not good.';
