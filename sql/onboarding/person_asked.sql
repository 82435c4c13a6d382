-- aias_private.person_asked: the tenant of a person, as the caller may see it.
--
-- Errors    JR404 there is no such person that the caller may see.
create or replace function aias_private.person_asked(p_user uuid)
returns uuid
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid;
begin
    select u.tenant_id into v_tenant
    from aias_private.users as u
    where
        u.id = p_user
        and (aias_private.caller_sees_all() or u.tenant_id is not distinct from aias_private.caller_tenant());
    if not found then
        raise exception 'there is no person %', coalesce(p_user::text, 'null')
            using errcode = 'JR404', column = 'p_user';
    end if;
    return v_tenant;
end;
$$;
revoke execute on function aias_private.person_asked(uuid) from public;
comment on function aias_private.person_asked(uuid) is 'The tenant of a person whom the caller may see.';
