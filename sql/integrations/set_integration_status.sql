-- aias_private.set_integration_status: note that a connection works, fails or was revoked, and tell so.
--
-- Caller    whoever just saw it: a check, a step, a refresh. p_credential_version says with which credentials; null: any.
-- Promise   what was seen with credentials that have been replaced changes nothing. A change of the status is audited and
--           sent to the channel aias_event, with the owner: who gave the credentials. Returns whether it changed.
-- Locks     the connection's row.
-- requires: aias_private.record_audit
create or replace function aias_private.set_integration_status(
    p_tenant uuid,
    p_integration uuid,
    p_credential_version integer,
    p_status text,
    p_reason text
)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reason constant text := case when p_status <> 'connected' then left(coalesce(p_reason, 'unknown'), 1000) end;
    v_event constant text := case p_status
        when 'connected' then 'integration.recovered' else 'integration.' || p_status
    end;
    v_row aias_private.integrations;
    v_detail jsonb;
begin
    select i.* into v_row
    from aias_private.integrations as i
    where i.tenant_id = p_tenant and i.id = p_integration
    for no key update;
    if not found or v_row.credential_version <> coalesce(p_credential_version, v_row.credential_version) then
        return false;
    end if;
    update aias_private.integrations as i
    set status = p_status, status_reason = v_reason
    where
        i.tenant_id = p_tenant
        and i.id = p_integration
        and (i.status, i.status_reason) is distinct from (p_status, v_reason);
    if v_row.status = p_status then
        return false;
    end if;
    v_detail := jsonb_build_object(
        'kind', v_row.kind, 'name', v_row.name, 'owner', v_row.connected_by, 'reason', v_reason
    );
    perform aias_private.record_audit(
        p_tenant,
        v_event,
        'integration',
        p_integration::text,
        v_detail || jsonb_build_object(
            'status', p_status, 'before', jsonb_build_object('status', v_row.status, 'reason', v_row.status_reason)
        )
    );
    perform pg_notify(
        'aias_event',
        (v_detail || jsonb_build_object('type', v_event, 'tenant_id', p_tenant, 'integration_id', p_integration))::text
    );
    return true;
end;
$$;
revoke execute on function aias_private.set_integration_status(uuid, uuid, integer, text, text) from public;
grant execute on function aias_private.set_integration_status(uuid, uuid, integer, text, text)
to aias_worker, aias_admin;
comment on function aias_private.set_integration_status(uuid, uuid, integer, text, text) is
'Notes a connection''s status; a change is audited and announced.';
