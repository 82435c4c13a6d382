-- aias.start_oauth: remember that a user asked a service for its consent.
--
-- Caller    aias.integrations.start_oauth() in Python, which keeps the state for the browser and gives its hash here.
-- Promise   the state is good once, for p_lasts, for this tenant and user. States that ended a day ago are swept.
-- Errors    JR404 no such tenant; JR422 an argument is malformed; JR429 the tenant has 100 consents in progress.
-- requires: aias_private.hold_tenant_key
-- requires: aias_private.tenant_by_slug
create or replace function aias.start_oauth(
    p_tenant text,
    p_id uuid,
    p_state_hash bytea,
    p_user text,
    p_kind text,
    p_name text,
    p_config jsonb,
    p_scopes text,
    p_redirect_uri text,
    p_verifier bytea,
    p_key_id text,
    p_lasts interval
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.tenant_by_slug(p_tenant);
    v_now constant timestamptz := aias_private.now();
begin
    if p_name is null or p_name !~ '^[a-z0-9][a-z0-9_-]{0,62}$' then
        raise exception 'a name is 1 to 63 small letters, digits, dashes and underscores, not %',
            coalesce(quote_literal(p_name), 'null')
            using errcode = 'JR422', column = 'p_name';
    end if;
    if p_user is null or octet_length(p_user) not between 1 and 1000 then
        raise exception 'the user has 1 to 1000 bytes' using errcode = 'JR422', column = 'p_user';
    end if;
    if p_redirect_uri is null or length(p_redirect_uri) > 2000 or p_redirect_uri !~ '^https?://[^[:space:]]+$' then
        raise exception 'the address to come back to is no http or https URL'
            using errcode = 'JR422', column = 'p_redirect_uri';
    end if;
    if p_verifier is not null then
        perform aias_private.hold_tenant_key(v_tenant, p_key_id, p_verifier);
    end if;
    delete from aias_private.oauth_states as s where s.expires_at < v_now - interval '1 day';
    if (
        select count(*) from aias_private.oauth_states as s
        where s.tenant_id = v_tenant and s.used_at is null and s.expires_at > v_now
    ) >= 100 then
        raise exception 'the tenant % has 100 consents in progress', quote_literal(p_tenant)
            using errcode = 'JR429', detail = '{"retry_after": 600}';
    end if;
    insert into aias_private.oauth_states (
        tenant_id, id, state_hash, user_name, kind, name, config, scopes, redirect_uri, verifier, key_id,
        created_at, expires_at
    )
    values (
        v_tenant, p_id, p_state_hash, p_user, p_kind, p_name, p_config, p_scopes, p_redirect_uri, p_verifier,
        p_key_id, v_now, v_now + p_lasts
    );
end;
$$;
revoke execute on function
aias.start_oauth(text, uuid, bytea, text, text, text, jsonb, text, text, bytea, text, interval)
from public;
grant execute on function
aias.start_oauth(text, uuid, bytea, text, text, text, jsonb, text, text, bytea, text, interval)
to aias_app, aias_admin;
comment on function
aias.start_oauth(text, uuid, bytea, text, text, text, jsonb, text, text, bytea, text, interval) is
'Remembers that a user of a tenant was sent to a service to consent, and until when the answer is taken.';
