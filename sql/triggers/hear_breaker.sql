-- aias_private.hear_breaker: say as an event that the breaker of a connection opened (aias.breaker.opened) or closed.
-- requires: aias_private.emit_own_event
-- requires: aias_private.gate_name
create or replace function aias_private.hear_breaker()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform aias_private.emit_own_event(
        new.tenant_id,
        case new.state when 'open' then 'aias.breaker.opened' else 'aias.breaker.closed' end,
        aias_private.gate_name(new.tenant_id, i.kind, i.name),
        jsonb_build_object(
            'kind', i.kind,
            'connection', i.name,
            'call_count', new.call_count,
            'failure_count', new.failure_count,
            'until', new.until
        ),
        null
    )
    from aias_private.integrations as i
    where i.tenant_id = new.tenant_id and i.id = new.integration_id;
    return null;
end;
$$;
revoke execute on function aias_private.hear_breaker() from public;
comment on function aias_private.hear_breaker() is 'Says as an event that the breaker of a connection opened or closed.';

create or replace trigger aias_hear_breaker
after insert on aias_private.breaker_transitions
for each row
execute function aias_private.hear_breaker();
