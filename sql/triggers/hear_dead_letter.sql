-- aias_private.hear_dead_letter: tell a tenant's endpoints that an execution went to the dead letters.
-- requires: aias_private.tell_endpoints
create or replace function aias_private.hear_dead_letter()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform aias_private.tell_endpoints(new.tenant_id, 'execution.dead_lettered', e)
    from aias_private.executions as e
    where
        e.tenant_id = new.tenant_id
        and e.id = new.execution_id
        and exists (select from aias_private.webhook_endpoints as w where w.tenant_id = new.tenant_id);
    return null;
end;
$$;
revoke execute on function aias_private.hear_dead_letter() from public;
comment on function aias_private.hear_dead_letter() is
'Tells a tenant''s endpoints that an execution went to the dead letters.';

create or replace trigger aias_hear_dead_letter
after insert on aias_private.dead_letters
for each row
when (new.execution_id is not null)
execute function aias_private.hear_dead_letter();
