-- aias.disconnect_integration: forget a connection and its credentials.
--
-- Promise   the credentials are gone from the table. Steps that need the connection fail from now on and say so.
-- Errors    JR404 no such tenant or connection.
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
create or replace function aias.disconnect_integration(
    p_tenant text,
    p_kind text,
    p_name text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.tenant_by_slug(p_tenant);
    v_id uuid;
    v_before jsonb;
begin
    delete from aias_private.integrations as i
    where i.tenant_id = v_tenant and i.kind = p_kind and i.name = p_name
    returning i.id, jsonb_build_object('config', i.config, 'status', i.status) into v_id, v_before;
    if v_id is null then
        raise exception 'there is no % connection %', coalesce(p_kind, 'null'), coalesce(quote_literal(p_name), 'null')
            using errcode = 'JR404', column = 'p_name';
    end if;
    delete from aias_private.limits as l where l.key = 'connection:' || v_id;
    delete from aias_private.rate_states as r where r.key in ('connection:' || v_id, 'points:' || v_id);
    perform aias_private.record_audit(
        v_tenant,
        'integration.disconnected',
        'integration',
        v_id::text,
        jsonb_build_object('kind', p_kind, 'name', p_name, 'before', v_before)
    );
end;
$$;
revoke execute on function aias.disconnect_integration(text, text, text) from public;
grant execute on function aias.disconnect_integration(text, text, text) to aias_app, aias_admin;
comment on function aias.disconnect_integration(text, text, text) is
'Forgets a connection and its credentials; steps that need it fail from then on.';
