-- aias_private.find_event: an event that came before a step began to wait for it.
--
-- Caller    the action wait_for_event with `match`, before it lets its execution wait.
-- Promise   the payload of the first event since the execution was asked for, of that type, that holds what is matched; none: null.
-- Plan      events_type_idx, from the execution's time on.
create or replace function aias_private.find_event(
    p_tenant uuid,
    p_execution uuid,
    p_type text,
    p_match jsonb
)
returns jsonb
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select e.payload
    from aias_private.events as e
    where e.tenant_id = p_tenant and e.type = p_type and e.id >= p_execution and e.payload @> p_match
    order by e.id
    limit 1
$$;
revoke execute on function aias_private.find_event(uuid, uuid, text, jsonb) from public;
grant execute on function aias_private.find_event(uuid, uuid, text, jsonb) to aias_worker;
comment on function aias_private.find_event(uuid, uuid, text, jsonb) is
'The payload of an event that came before a step began to wait for it.';
