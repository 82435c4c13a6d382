-- aias_private.visible_person: the person that a caller names and may see.
--
-- Errors    JR404 no such person: another tenant's is as absent as one that never was.
create or replace function aias_private.visible_person(p_user uuid)
returns aias_private.users
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user aias_private.users;
begin
    select u.* into v_user
    from aias_private.users as u
    where
        u.id = p_user
        and (aias_private.caller_sees_all() or u.tenant_id is not distinct from aias_private.caller_tenant());
    if not found then
        raise exception 'there is no user %', coalesce(p_user::text, 'null') using errcode = 'JR404', column = 'p_user';
    end if;
    return v_user;
end;
$$;
revoke execute on function aias_private.visible_person(uuid) from public;
comment on function aias_private.visible_person(uuid) is 'The person that a caller names and may see.';
