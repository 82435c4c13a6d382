-- aias_private.hear_effect: say as an event that nobody knows what came of an effect (aias.effect.in_doubt).
-- requires: aias_private.emit_own_event
create or replace function aias_private.hear_effect()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform aias_private.emit_own_event(
        new.tenant_id,
        'aias.effect.in_doubt',
        new.execution_id::text,
        jsonb_build_object(
            'execution_id', new.execution_id,
            'step', new.step_id,
            'item', nullif(new.item, -1),
            'part', nullif(new.part, ''),
            'operation', new.operation,
            'connection', new.connection
        ),
        new.execution_id
    );
    return null;
end;
$$;
revoke execute on function aias_private.hear_effect() from public;
comment on function aias_private.hear_effect() is 'Says as an event that nobody knows what came of an effect.';

create or replace trigger aias_hear_effect
after update of state on aias_private.effects
for each row
when (new.state = 'in_doubt' and old.state <> 'in_doubt')
execute function aias_private.hear_effect();
