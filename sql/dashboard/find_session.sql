-- aias_private.find_session: who is signed in with a cookie.
--
-- Caller    the dashboard, with each request.
-- Promise   no row for a session that has ended: expired, idle for longer than p_idle, its key revoked or expired, its
--           person or tenant gone. That it was seen is written at most once a minute, and
--           not for what a page asks by itself (p_is_used false): a page that is left open ends like any other.
-- Plan      dashboard_sessions_token_idx.
-- requires: aias_private.nil_uuid
-- requires: aias_private.role_scopes
create or replace function aias_private.find_session(
    p_token_hash bytea,
    p_idle interval,
    p_is_used boolean
)
returns table (
    id uuid,
    tenant_id uuid,
    tenant text,
    looks_at uuid,
    looks_at_tenant text,
    user_id uuid,
    key_id text,
    name text,
    scopes text[],
    expires_at timestamptz
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_now constant timestamptz := aias_private.now();
begin
    update aias_private.dashboard_sessions as s
    set seen_at = v_now
    where
        p_is_used
        and s.token_hash = p_token_hash
        and s.expires_at > v_now
        and s.seen_at between v_now - p_idle and v_now - interval '1 minute';
    return query
    select
        s.id,
        nullif(s.tenant_id, aias_private.nil_uuid()),
        t.slug,
        s.looks_at,
        o.slug,
        s.user_id,
        s.key_id,
        coalesce(u.name, k.name),
        coalesce(k.scopes, aias_private.role_scopes(u.role)),
        s.expires_at
    from aias_private.dashboard_sessions as s
    left join aias_private.tenants as t on t.id = s.tenant_id
    left join aias_private.tenants as o on o.id = s.looks_at
    left join aias_private.users as u on u.tenant_id = s.tenant_id and u.id = s.user_id
    left join aias_private.api_keys as k on k.tenant_id = s.tenant_id and k.id = s.key_id
    where
        s.token_hash = p_token_hash
        and s.expires_at > v_now
        and s.seen_at >= v_now - p_idle
        and (t.id is not null or s.tenant_id = aias_private.nil_uuid())
        and (
            s.key_id is null
            or (k.revoked_at is null and (k.expires_at is null or k.expires_at > v_now))
        );
end;
$$;
revoke execute on function aias_private.find_session(bytea, interval, boolean) from public;
grant execute on function aias_private.find_session(bytea, interval, boolean) to aias_admin;
comment on function aias_private.find_session(bytea, interval, boolean) is
'Who is signed in to the dashboard with a cookie, and what they may do; no row where nobody is any more.';
