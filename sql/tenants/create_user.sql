-- aias.create_user: add a person to a tenant.
--
-- Promise   the person is in the onboarding sequences that start with a sign-up.
-- Errors    JR404 no such tenant; JR409 the address is taken; JR422 address, name or role is not valid.
-- requires: aias_private.enrol_user
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
create or replace function aias.create_user(
    p_tenant text,
    p_email text,
    p_name text,
    p_role text
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.tenant_by_slug(p_tenant);
    v_id uuid;
begin
    if p_email is null or p_email !~ '^[^@[:space:]]+@[^@[:space:]]+$' or length(p_email) > 320 then
        raise exception 'not an e-mail address: %', coalesce(quote_literal(left(p_email, 100)), 'null')
            using errcode = 'JR422', column = 'p_email';
    end if;
    if p_name is null or length(p_name) not between 1 and 200 then
        raise exception 'a name has 1 to 200 characters' using errcode = 'JR422', column = 'p_name';
    end if;
    if p_role is null or p_role not in ('owner', 'member', 'viewer') then
        raise exception 'a role is owner, member or viewer, not %', coalesce(quote_literal(p_role), 'null')
            using errcode = 'JR422', column = 'p_role';
    end if;
    insert into aias_private.users (tenant_id, email, name, role)
    values (v_tenant, p_email, p_name, p_role)
    on conflict (tenant_id, lower(email)) do nothing
    returning id into v_id;
    if v_id is null then
        raise exception 'the tenant has a user with this address' using errcode = 'JR409', column = 'p_email';
    end if;
    perform aias_private.record_audit(v_tenant, 'user.created', 'user', v_id::text, jsonb_build_object('role', p_role));
    perform aias_private.enrol_user(v_id);
    return v_id;
end;
$$;
revoke execute on function aias.create_user(text, text, text, text) from public;
grant execute on function aias.create_user(text, text, text, text) to aias_admin, aias_app;
comment on function aias.create_user(text, text, text, text) is 'Adds a person to a tenant and returns the id.';
