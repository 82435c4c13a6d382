-- aias.sign_up: make an account whole: the tenant, its owner, a key to work with.
--
-- Promise   all of it or nothing, in the caller's transaction. It says so as an event (user.signed_up), from which samples and mails
--           follow. The token comes back this once.
-- Errors    JR403 the caller is no administrator; JR404 no such plan; JR409 the slug is taken; JR422 the slug, the address or a name
--           is not valid.
-- requires: aias.create_api_key
-- requires: aias.create_tenant
-- requires: aias.create_user
-- requires: aias.emit_event
create or replace function aias.sign_up(
    p_tenant text,
    p_email text,
    p_name text default null,
    p_industry text default null,
    p_plan text default 'free',
    p_company text default null
)
returns table (
    tenant_id uuid,
    user_id uuid,
    key_id text,
    token text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    tenant_id := aias.create_tenant(p_tenant, p_plan, p_company, p_industry);
    user_id := aias.create_user(p_tenant, p_email, coalesce(p_name, p_email), 'owner');
    select k.id, k.token into key_id, token
    from aias.create_api_key(p_tenant, 'made at sign-up', array['*']) as k;
    perform aias.emit_event(
        p_tenant,
        'user.signed_up',
        jsonb_strip_nulls(jsonb_build_object('user_id', user_id, 'role', 'owner', 'industry', p_industry)),
        user_id::text
    );
    return next;
end;
$$;
revoke execute on function aias.sign_up(text, text, text, text, text, text) from public;
grant execute on function aias.sign_up(text, text, text, text, text, text) to aias_admin;
comment on function aias.sign_up(text, text, text, text, text, text) is
'Makes a tenant with its owner and a key of its own, and says so as the event user.signed_up; for administrators.';
