-- aias.oauth_request: what a state was given out for.
--
-- Caller    aias.integrations.finish_oauth() in Python: first to look (p_is_taken false) and check the answer's signature,
--           then to take the state, committed before the code is exchanged.
-- Promise   a state that was taken is never given again. Another tenant's or user's state is as absent as one that
--           does not exist.
-- Locks     the state's row.
-- Errors    JR404 no such tenant, or no such state of this tenant and user; JR409 it was used, or has expired.
-- requires: aias_private.tenant_by_slug
create or replace function aias.oauth_request(
    p_tenant text,
    p_user text,
    p_state_hash bytea,
    p_is_taken boolean
)
returns table (
    id uuid,
    tenant_id uuid,
    kind text,
    name text,
    config jsonb,
    scopes text,
    redirect_uri text,
    verifier bytea,
    key_id text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.tenant_by_slug(p_tenant);
    v_now constant timestamptz := aias_private.now();
    v_state aias_private.oauth_states;
begin
    select s.* into v_state
    from aias_private.oauth_states as s
    where s.tenant_id = v_tenant and s.state_hash = p_state_hash and s.user_name = p_user
    for no key update;
    if not found then
        raise exception 'nobody here asked for this answer: the state is unknown'
            using errcode = 'JR404', column = 'p_state_hash';
    end if;
    if v_state.used_at is not null then
        raise exception 'the state was used at %: begin anew', v_state.used_at
            using errcode = 'JR409', column = 'p_state_hash';
    end if;
    if v_state.expires_at <= v_now then
        raise exception 'the state expired at %: begin anew', v_state.expires_at
            using errcode = 'JR409', column = 'p_state_hash';
    end if;
    if p_is_taken then
        update aias_private.oauth_states as s
        set used_at = v_now
        where s.tenant_id = v_tenant and s.id = v_state.id;
    end if;
    return query
    select
        v_state.id,
        v_state.tenant_id,
        v_state.kind,
        v_state.name,
        v_state.config,
        v_state.scopes,
        v_state.redirect_uri,
        v_state.verifier,
        v_state.key_id;
end;
$$;
revoke execute on function aias.oauth_request(text, text, bytea, boolean) from public;
grant execute on function aias.oauth_request(text, text, bytea, boolean) to aias_app, aias_admin;
comment on function aias.oauth_request(text, text, bytea, boolean) is
'Returns what a state was given out for, and takes it, which works once.';
