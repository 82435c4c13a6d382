-- aias.connect_integration: connect a tenant to another service, or renew the credentials of a connection.
--
-- Caller    aias.integrations.connect() in Python, which seals the credentials: their seal names the tenant, the
--           connection's id and its name, so the caller chooses the id of a new connection and repeats a known one's.
-- Promise   one connection per tenant, kind and name; connecting again replaces its settings and credentials, makes it
--           `connected` and ends whatever refresh was under way. The audit log gets the settings, never the credentials.
--           Tokens that expire say for how long they last from now on; p_grant_type says how to get the next one, and is
--           null for credentials that were given by hand.
--           A sample's connection (p_is_sample: to the local servers) is not checked each hour, counts nowhere, and is used only
--           by steps that name it; what is a sample's stays that.
-- Locks     the tenant's key, then the connection's row.
-- Errors    JR404 no such tenant; JR409 the connection exists under another id, or is a sample's, or the key that sealed is gone;
--           JR422 an argument is malformed.
-- requires: aias_private.caller_actor
-- requires: aias_private.check_slot
-- requires: aias_private.hold_tenant_key
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
create or replace function aias.connect_integration(
    p_tenant text,
    p_kind text,
    p_name text,
    p_config jsonb,
    p_secret bytea,
    p_key_id text,
    p_integration uuid,
    p_grant_type text default null,
    p_scopes text default null,
    p_token_lasts interval default null,
    p_refresh_token_lasts interval default null,
    p_is_sample boolean default false
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.tenant_by_slug(p_tenant);
    v_now constant timestamptz := aias_private.now();
    v_is_new boolean;
    v_before jsonb;
begin
    if p_is_sample is null then
        raise exception 'whether it is a sample''s is missing' using errcode = 'JR422', column = 'p_is_sample';
    end if;
    if p_kind is null or p_kind !~ '^[a-z][a-z0-9_]{0,62}$' then
        raise exception 'a kind is a word of small letters and digits, not %', coalesce(quote_literal(p_kind), 'null')
            using errcode = 'JR422', column = 'p_kind';
    end if;
    if p_name is null or p_name !~ '^[a-z0-9][a-z0-9_-]{0,62}$' then
        raise exception 'a name is 1 to 63 small letters, digits, dashes and underscores, not %',
            coalesce(quote_literal(p_name), 'null')
            using errcode = 'JR422', column = 'p_name';
    end if;
    if p_config is null or jsonb_typeof(p_config) <> 'object' or octet_length(p_config::text) > 10000 then
        raise exception 'the settings of a connection are a JSON object of at most 10000 bytes'
            using errcode = 'JR422', column = 'p_config';
    end if;
    if p_secret is null or octet_length(p_secret) not between 29 and 100000 then
        raise exception 'the credentials are not sealed' using errcode = 'JR422', column = 'p_secret';
    end if;
    if p_key_id is null or p_key_id !~ '^[0-9a-f]{16}$' then
        raise exception 'a key''s id has 16 hexadecimal digits' using errcode = 'JR422', column = 'p_key_id';
    end if;
    if p_integration is null then
        raise exception 'the connection''s id is missing' using errcode = 'JR422', column = 'p_integration';
    end if;
    if p_grant_type not in ('authorization_code', 'client_credentials') then
        raise exception 'there is no grant %', quote_literal(p_grant_type)
            using errcode = 'JR422', column = 'p_grant_type';
    end if;
    perform aias_private.hold_tenant_key(v_tenant, p_key_id, p_secret);
    select jsonb_build_object('config', i.config, 'key_id', i.key_id, 'grant', i.grant_type, 'status', i.status)
    into v_before
    from aias_private.integrations as i
    where i.tenant_id = v_tenant and i.kind = p_kind and i.name = p_name
    for update;
    insert into aias_private.integrations as i (
        tenant_id,
        id,
        kind,
        name,
        config,
        secret,
        key_id,
        created_at,
        connected_at,
        connected_by,
        grant_type,
        scopes,
        token_expires_at,
        refresh_token_expires_at,
        is_sample
    )
    values (
        v_tenant,
        p_integration,
        p_kind,
        p_name,
        p_config,
        p_secret,
        p_key_id,
        v_now,
        v_now,
        aias_private.caller_actor(),
        p_grant_type,
        left(p_scopes, 2000),
        v_now + p_token_lasts,
        v_now + p_refresh_token_lasts,
        p_is_sample
    )
    on conflict (tenant_id, kind, name) do update
    set
        config = excluded.config,
        secret = excluded.secret,
        key_id = excluded.key_id,
        status = 'connected',
        status_reason = null,
        connected_at = excluded.connected_at,
        connected_by = excluded.connected_by,
        credential_version = i.credential_version + 1,
        grant_type = excluded.grant_type,
        scopes = excluded.scopes,
        token_expires_at = excluded.token_expires_at,
        refresh_token_expires_at = excluded.refresh_token_expires_at,
        refresh_began_at = null,
        refresh_holder = null,
        refresh_held_until = null,
        refresh_failure_count = 0,
        refresh_after = null
    where i.id = excluded.id and i.is_sample = excluded.is_sample
    returning xmax = 0 into v_is_new;
    if not found then
        raise exception 'the % connection % exists%', p_kind, quote_literal(p_name), case
            when exists (
                select from aias_private.integrations as i
                where i.tenant_id = v_tenant and i.id = p_integration and i.is_sample
            ) then ', it is a sample''s: give yours another name'
            else ' under another id'
        end
            using errcode = 'JR409', column = 'p_integration';
    end if;
    insert into aias_private.integration_checks as c (tenant_id, integration_id, next_check_at)
    select v_tenant, p_integration, aias_private.check_slot(p_integration, v_now)
    where not p_is_sample
    on conflict (tenant_id, integration_id) do update
    set last_error = null, consecutive_failure_count = 0;
    perform aias_private.record_audit(
        v_tenant,
        case when v_is_new then 'integration.connected' else 'integration.reconnected' end,
        'integration',
        p_integration::text,
        jsonb_build_object('kind', p_kind, 'name', p_name, 'config', p_config, 'key_id', p_key_id, 'grant', p_grant_type)
        || case when p_is_sample then '{"is_sample": true}' else '{}'::jsonb end
        || case when v_before is null then '{}' else jsonb_build_object('before', v_before) end
    );
    return p_integration;
end;
$$;
revoke execute on function
aias.connect_integration(text, text, text, jsonb, bytea, text, uuid, text, text, interval, interval, boolean)
from public;
grant execute on function
aias.connect_integration(text, text, text, jsonb, bytea, text, uuid, text, text, interval, interval, boolean)
to aias_app, aias_worker, aias_admin;
comment on function
aias.connect_integration(text, text, text, jsonb, bytea, text, uuid, text, text, interval, interval, boolean) is
'Connects a tenant to another service, or renews a connection''s settings and sealed credentials. Returns its id.';
