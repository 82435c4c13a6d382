-- aias.create_api_key: make a key of the HTTP API.
--
-- Promise   the token comes back this once: what is stored is the SHA-256 of its secret part. The secret is made of
--           three random UUIDs (366 random bits) and has 256 bits.
-- Caller    an administrator makes keys of any tenant and, with p_tenant null, keys of the platform's operators, which see
--           every tenant. Who came in with a key (the setting aias.scopes) gives away no scope that it has not got.
-- Errors    JR403 a key of no tenant and the caller is no administrator, or a scope that the caller's own key lacks; JR404
--           no such tenant; JR422 the name, a scope, the expiry or the rate is not valid.
-- requires: aias_private.caller_actor
-- requires: aias_private.has_scope
-- requires: aias_private.nil_uuid
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
create or replace function aias.create_api_key(
    p_tenant text,
    p_name text,
    p_scopes text[],
    p_expires_at timestamptz default null,
    p_requests_per_minute integer default null
)
returns table (
    id text,
    token text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_tenant uuid;
    v_scope text;
    v_id text;
    v_secret text;
    v_own constant text := nullif(current_setting('aias.scopes', true), '');
    v_now constant timestamptz := aias_private.now();
begin
    if p_tenant is not null then
        v_tenant := aias_private.tenant_by_slug(p_tenant);
    elsif not aias_private.caller_sees_all() then
        raise exception 'only an administrator makes keys of the platform''s operators'
            using errcode = 'JR403', column = 'p_tenant';
    end if;
    if p_name is null or length(p_name) not between 1 and 200 then
        raise exception 'a name has 1 to 200 characters' using errcode = 'JR422', column = 'p_name';
    end if;
    if p_scopes is null or cardinality(p_scopes) not between 1 and 100 then
        raise exception 'a key has 1 to 100 scopes' using errcode = 'JR422', column = 'p_scopes';
    end if;
    foreach v_scope in array p_scopes loop
        if v_scope is null or v_scope !~ '^(\*|\*:read|[a-z][a-z-]{0,40}:(read|write|\*))$' then
            raise exception 'a scope is resource:read, resource:write, resource:*, *:read or *, not %',
                coalesce(quote_literal(left(v_scope, 60)), 'null')
                using errcode = 'JR422', column = 'p_scopes';
        end if;
        if v_own is not null and not aias_private.has_scope(string_to_array(v_own, ' '), v_scope) then
            raise exception 'a key can''t give away the scope %, which it has not got', v_scope
                using errcode = 'JR403', column = 'p_scopes';
        end if;
    end loop;
    if p_expires_at is not null and not (
        isfinite(p_expires_at) and p_expires_at > v_now and p_expires_at < '9000-01-01 00:00:00+00'
    ) then
        raise exception 'a key expires at a time to come, not at %', p_expires_at
            using errcode = 'JR422', column = 'p_expires_at';
    end if;
    if p_requests_per_minute is not null and p_requests_per_minute not between 1 and 1000000 then
        raise exception 'requests a minute lie between 1 and 1000000, not at %', p_requests_per_minute
            using errcode = 'JR422', column = 'p_requests_per_minute';
    end if;
    v_id := left(encode(sha256(uuid_send(gen_random_uuid())), 'hex'), 16);
    v_secret := encode(
        sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex'
    );
    insert into aias_private.api_keys (
        tenant_id, id, name, secret_hash, scopes, requests_per_minute, created_at, created_by, expires_at
    )
    values (
        coalesce(v_tenant, aias_private.nil_uuid()),
        v_id,
        p_name,
        sha256(convert_to(v_secret, 'UTF8')),
        p_scopes,
        p_requests_per_minute,
        v_now,
        aias_private.caller_actor(),
        p_expires_at
    );
    perform aias_private.record_audit(
        v_tenant,
        'api_key.created',
        'api_key',
        v_id,
        jsonb_strip_nulls(
            jsonb_build_object(
                'name', p_name,
                'scopes', p_scopes,
                'expires_at', p_expires_at,
                'requests_per_minute', p_requests_per_minute
            )
        )
    );
    return query values (v_id, 'aias_' || v_id || '_' || v_secret);
end;
$$;
revoke execute on function aias.create_api_key(text, text, text[], timestamptz, integer) from public;
grant execute on function aias.create_api_key(text, text, text[], timestamptz, integer) to aias_app, aias_admin;
comment on function aias.create_api_key(text, text, text[], timestamptz, integer) is
'Makes a key of the HTTP API and returns its id and its token, which is shown this once.';
