-- aias_private.hear_integration: say as an event that a connection fails (aias.integration.failing), was revoked or works again.
-- requires: aias_private.emit_own_event
create or replace function aias_private.hear_integration()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform aias_private.emit_own_event(
        new.tenant_id,
        case new.status when 'connected' then 'aias.integration.recovered' else 'aias.integration.' || new.status end,
        new.kind || ':' || new.name,
        jsonb_build_object(
            'kind', new.kind, 'connection', new.name, 'owner', new.connected_by, 'reason', new.status_reason
        ),
        null
    );
    return null;
end;
$$;
revoke execute on function aias_private.hear_integration() from public;
comment on function aias_private.hear_integration() is
'Says as an event that a connection fails, was revoked or works again.';

create or replace trigger aias_hear_integration
after update of status on aias_private.integrations
for each row
when (old.status <> new.status)
execute function aias_private.hear_integration();
