-- aias.create_tenant: make a customer account.
--
-- Errors    JR404 no such plan; JR409 the slug is taken; JR422 the slug or the name is not valid.
-- requires: aias_private.record_audit
create or replace function aias.create_tenant(
    p_slug text,
    p_plan text default 'free',
    p_name text default null,
    p_industry text default null
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id uuid;
begin
    if not aias_private.caller_sees_all() then
        raise exception 'only an administrator makes tenants' using errcode = 'JR403', column = 'p_slug';
    end if;
    if p_slug is null or p_slug !~ '^[a-z0-9][a-z0-9-]{0,62}$' then
        raise exception 'a slug is 1 to 63 small letters, digits and dashes, not %', coalesce(quote_literal(p_slug), 'null')
            using errcode = 'JR422', column = 'p_slug';
    end if;
    if length(coalesce(p_name, p_slug)) not between 1 and 200 then
        raise exception 'a name has 1 to 200 characters, not %', length(p_name)
            using errcode = 'JR422', column = 'p_name';
    end if;
    if not exists (select from aias_private.plans as p where p.name = p_plan) then
        raise exception 'there is no plan %', coalesce(quote_literal(p_plan), 'null')
            using errcode = 'JR404', column = 'p_plan';
    end if;
    insert into aias_private.tenants (slug, name, plan, industry)
    values (p_slug, coalesce(p_name, p_slug), p_plan, p_industry)
    on conflict (slug) do nothing
    returning id into v_id;
    if v_id is null then
        raise exception 'the tenant % exists', quote_literal(p_slug) using errcode = 'JR409', column = 'p_slug';
    end if;
    perform aias_private.record_audit(
        v_id, 'tenant.created', 'tenant', v_id::text, jsonb_build_object('slug', p_slug, 'plan', p_plan)
    );
    return v_id;
end;
$$;
revoke execute on function aias.create_tenant(text, text, text, text) from public;
grant execute on function aias.create_tenant(text, text, text, text) to aias_admin;
comment on function aias.create_tenant(text, text, text, text) is
'Makes a tenant and returns its id. Slugs are unique; administrators only.';
