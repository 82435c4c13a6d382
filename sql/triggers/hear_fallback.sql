-- aias_private.hear_fallback: say as an event what made up for a failure (aias.fallback.used), why, and what can be done.
-- requires: aias_private.emit_own_event
create or replace function aias_private.hear_fallback()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform aias_private.emit_own_event(
        new.tenant_id,
        'aias.fallback.used',
        new.execution_id::text,
        jsonb_build_object('execution_id', new.execution_id, 'failed', new.step_id) || coalesce(new.detail, '{}'),
        new.execution_id
    );
    return null;
end;
$$;
revoke execute on function aias_private.hear_fallback() from public;
comment on function aias_private.hear_fallback() is
'Says as an event what made up for a failure, why, and what can be done.';

create or replace trigger aias_hear_fallback
after insert on aias_private.execution_events
for each row
when (new.type = 'fallback_used')
execute function aias_private.hear_fallback();
