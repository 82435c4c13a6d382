-- aias.remove_webhook_endpoint: tell an address nothing any more.
--
-- Promise   what was not sent yet is discarded.
-- Errors    JR404 no such tenant or endpoint.
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
create or replace function aias.remove_webhook_endpoint(
    p_tenant text,
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
    v_endpoint aias_private.webhook_endpoints;
begin
    select e.* into v_endpoint
    from aias_private.webhook_endpoints as e
    where e.tenant_id = v_tenant and e.name = p_name
    for update;
    if not found then
        raise exception 'there is no endpoint %', coalesce(quote_literal(p_name), 'null')
            using errcode = 'JR404', column = 'p_name';
    end if;
    update aias_private.webhook_messages as m
    set status = 'discarded', next_at = null, finished_at = aias_private.now()
    where m.tenant_id = v_tenant and m.endpoint_id = v_endpoint.id and m.status = 'pending';
    delete from aias_private.integrations as i
    where i.tenant_id = v_tenant and i.id = v_endpoint.integration_id;
    perform aias_private.record_audit(
        v_tenant,
        'webhook_endpoint.removed',
        'webhook_endpoint',
        v_endpoint.id::text,
        jsonb_build_object(
            'name', p_name,
            'before', jsonb_strip_nulls(
                to_jsonb(v_endpoint) - array['tenant_id', 'id', 'integration_id', 'created_at', 'updated_at']
            )
        )
    );
end;
$$;
revoke execute on function aias.remove_webhook_endpoint(text, text) from public;
grant execute on function aias.remove_webhook_endpoint(text, text) to aias_app, aias_admin;
comment on function aias.remove_webhook_endpoint(text, text) is 'Tells an address nothing any more.';
