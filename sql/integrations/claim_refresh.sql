-- aias_private.claim_refresh: the right to ask the upstream for new tokens.
--
-- Caller    aias.integrations.refreshing, with the version of the credentials that it wants replaced. Committed before
--           the upstream is asked: an upstream that replaces the refresh token with each use must not be asked twice.
-- Promise   one holder at a time, for p_lease. The outcome:
--           granted: ask now, and settle. interrupted_at: an earlier holder asked then and never told what came of it.
--           held: another one asks. renewed: the credentials are newer than the caller's. later: it failed a moment ago.
--           impossible: given by hand. revoked: only a person can help.
-- Locks     the connection's row.
-- Errors    JR404 the connection is gone.
create or replace function aias_private.claim_refresh(
    p_tenant uuid,
    p_integration uuid,
    p_credential_version integer,
    p_holder text,
    p_lease interval
)
returns table (
    outcome text,
    kind text,
    name text,
    config jsonb,
    secret bytea,
    key_id text,
    wrapped_key bytea,
    master_key_id text,
    grant_type text,
    interrupted_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := aias_private.now();
    v_row aias_private.integrations;
    v_outcome text;
begin
    select i.* into v_row
    from aias_private.integrations as i
    where i.tenant_id = p_tenant and i.id = p_integration
    for no key update;
    if not found then
        raise exception 'there is no connection %', p_integration using errcode = 'JR404', column = 'p_integration';
    end if;
    v_outcome := case
        when v_row.credential_version <> p_credential_version then 'renewed'
        when v_row.grant_type is null then 'impossible'
        when v_row.status = 'revoked' then 'revoked'
        when v_row.refresh_held_until > v_now then 'held'
        when v_row.refresh_after > v_now then 'later'
        else 'granted'
    end;
    if v_outcome = 'granted' then
        update aias_private.integrations as i
        set
            refresh_holder = p_holder,
            refresh_held_until = v_now + p_lease,
            refresh_began_at = coalesce(i.refresh_began_at, v_now)
        where i.tenant_id = p_tenant and i.id = p_integration;
    end if;
    return query
    select
        v_outcome,
        v_row.kind,
        v_row.name,
        v_row.config,
        v_row.secret,
        v_row.key_id,
        k.wrapped,
        k.master_key_id,
        v_row.grant_type,
        v_row.refresh_began_at
    from (values (v_row.key_id)) as r (key_id)
    left join aias_private.tenant_keys as k on k.tenant_id = p_tenant and k.id = r.key_id;
end;
$$;
revoke execute on function aias_private.claim_refresh(uuid, uuid, integer, text, interval) from public;
grant execute on function aias_private.claim_refresh(uuid, uuid, integer, text, interval) to aias_worker, aias_admin;
comment on function aias_private.claim_refresh(uuid, uuid, integer, text, interval) is
'Asks for the right to refresh a connection''s tokens; gives its sealed secret to whoever gets it.';
