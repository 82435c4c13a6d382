-- aias_private.find_event: an event that came before a step began to wait for it.
--
-- Caller    answer_event_wait.
-- Promise   the first event since the execution was asked for, of that type, that holds what is matched; none, or nothing to
--           match: no row.
-- Plan      events_type_idx, from the execution's time on.
create or replace function aias_private.find_event(
    p_tenant uuid,
    p_execution uuid,
    p_type text,
    p_match jsonb
)
returns table (
    id uuid,
    payload jsonb
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select e.id, e.payload
    from aias_private.events as e
    where e.tenant_id = p_tenant and e.type = p_type and e.id >= p_execution and e.payload @> p_match
    order by e.id
    limit 1
$$;
revoke execute on function aias_private.find_event(uuid, uuid, text, jsonb) from public;
comment on function aias_private.find_event(uuid, uuid, text, jsonb) is
'The event that came before a step began to wait for it.';
