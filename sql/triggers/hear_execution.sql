-- aias_private.hear_execution: tell a tenant's endpoints that an execution started or ended.
--
-- Why       a trigger, as an execution changes its state in several functions: none of them can forget it, and the message
--           commits with the change.
-- requires: aias_private.tell_endpoints
create or replace function aias_private.hear_execution()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform aias_private.tell_endpoints(
        new.tenant_id,
        case new.status when 'running' then 'execution.started' else 'execution.' || new.status end,
        new
    )
    where exists (select from aias_private.webhook_endpoints as e where e.tenant_id = new.tenant_id);
    return null;
end;
$$;
revoke execute on function aias_private.hear_execution() from public;
comment on function aias_private.hear_execution() is 'Tells a tenant''s endpoints that an execution started or ended.';

create or replace trigger aias_hear_execution
after update of status on aias_private.executions
for each row
when (
    old.status <> new.status
    and (new.status in ('succeeded', 'failed', 'cancelled') or (new.status = 'running' and old.started_at is null))
)
execute function aias_private.hear_execution();
