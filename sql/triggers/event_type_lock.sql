-- aias_private.event_type_lock: the advisory lock between those who emit an event and those who begin to wait for it.
--
-- Why       who emits inserts the event and then looks for waiting steps; who waits writes its step and then looks for events.
--           Both look before they commit, so that neither would see the other. Who emits holds this lock shared (they don't
--           hinder each other), who waits exclusively, each until its transaction ends.
-- Promise   a tenant's types share 256 locks, so that no transaction holds more of them, whatever it emits.
create or replace function aias_private.event_type_lock(
    p_tenant uuid,
    p_type text
)
returns bigint
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select hashtextextended('aias_private.events:' || p_tenant || ':' || (hashtextextended(p_type, 0) & 255), 0)
$$;
revoke execute on function aias_private.event_type_lock(uuid, text) from public;
comment on function aias_private.event_type_lock(uuid, text) is
'The advisory lock between those who emit events of a type and those who begin to wait for them.';
