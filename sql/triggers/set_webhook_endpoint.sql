-- aias.set_webhook_endpoint: tell an address of a tenant's what its executions do.
--
-- Caller    aias.triggers.set_endpoint() in Python, which seals address and secret as a connection of kind webhook_out.
-- Promise   every event of the named types is sent at least once, signed as Standard Webhooks says, from the commit on; order is
--           not promised. Setting it again changes the types and enables one that was disabled.
-- Errors    JR404 no such tenant or connection; JR422 an argument is not valid.
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
create or replace function aias.set_webhook_endpoint(
    p_tenant text,
    p_name text,
    p_integration uuid,
    p_types text[]
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.tenant_by_slug(p_tenant);
    c_types constant text[] := array[
        'execution.started', 'execution.succeeded', 'execution.failed', 'execution.cancelled', 'execution.dead_lettered'
    ];
    v_id uuid;
    v_before jsonb;
begin
    if p_name is null or p_name !~ '^[a-z0-9][a-z0-9_-]{0,62}$' then
        raise exception 'a name is 1 to 63 small letters, digits, dashes and underscores'
            using errcode = 'JR422', column = 'p_name';
    end if;
    if p_types is null or cardinality(p_types) not between 1 and 20 or not p_types <@ c_types then
        raise exception 'the types are some of %', array_to_string(c_types, ', ')
            using errcode = 'JR422', column = 'p_types';
    end if;
    perform from aias_private.integrations as i
    where i.tenant_id = v_tenant and i.id = p_integration and i.kind = 'webhook_out';
    if not found then
        raise exception 'the endpoint has no address and secret' using errcode = 'JR404', column = 'p_integration';
    end if;
    select jsonb_strip_nulls(
        to_jsonb(e) - array['tenant_id', 'id', 'integration_id', 'created_at', 'updated_at']
    ) into v_before
    from aias_private.webhook_endpoints as e
    where e.tenant_id = v_tenant and e.name = p_name
    for update;
    insert into aias_private.webhook_endpoints as e (tenant_id, name, integration_id, types)
    values (v_tenant, p_name, p_integration, p_types)
    on conflict (tenant_id, name) do update
    set
        integration_id = excluded.integration_id,
        types = excluded.types,
        is_enabled = true,
        disabled_reason = null,
        failing_since = null,
        updated_at = aias_private.now()
    returning e.id into v_id;
    perform aias_private.record_audit(
        v_tenant,
        case when v_before is null then 'webhook_endpoint.created' else 'webhook_endpoint.changed' end,
        'webhook_endpoint',
        v_id::text,
        jsonb_strip_nulls(jsonb_build_object('name', p_name, 'types', p_types, 'before', v_before))
    );
    return v_id;
end;
$$;
revoke execute on function aias.set_webhook_endpoint(text, text, uuid, text[]) from public;
grant execute on function aias.set_webhook_endpoint(text, text, uuid, text[]) to aias_app, aias_admin;
comment on function aias.set_webhook_endpoint(text, text, uuid, text[]) is
'Tells an address of a tenant''s what its executions do; returns the endpoint''s id.';
