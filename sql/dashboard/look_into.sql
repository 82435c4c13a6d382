-- aias_private.look_into: let an operator's session look into one tenant, or at all of them again (null).
--
-- Errors    JR404 no such tenant, or no such session of an operator.
-- requires: aias_private.nil_uuid
-- requires: aias_private.tenant_by_slug
create or replace function aias_private.look_into(
    p_session uuid,
    p_tenant text
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := case when p_tenant is not null then aias_private.tenant_by_slug(p_tenant) end;
begin
    update aias_private.dashboard_sessions as s
    set looks_at = v_tenant
    where s.tenant_id = aias_private.nil_uuid() and s.id = p_session;
    if not found then
        raise exception 'there is no operator''s session %', p_session
            using errcode = 'JR404', column = 'p_session';
    end if;
end;
$$;
revoke execute on function aias_private.look_into(uuid, text) from public;
grant execute on function aias_private.look_into(uuid, text) to aias_admin;
comment on function aias_private.look_into(uuid, text) is
'Lets an operator''s session of the dashboard look into one tenant, or at all of them again.';
