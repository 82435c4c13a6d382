-- aias_private.note_key_uses: note when keys were last used.
--
-- Caller    the HTTP API, every few seconds for all requests since: p_uses maps ids of keys to times.
-- Promise   a time never goes back.
-- Locks     the keys' rows, in the order of their ids.
create or replace function aias_private.note_key_uses(p_uses jsonb)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform
    from aias_private.api_keys as k
    where k.id in (select u.key from jsonb_each_text(p_uses) as u)
    order by k.id
    for no key update;
    update aias_private.api_keys as k
    set last_used_at = u.value::timestamptz
    from jsonb_each_text(p_uses) as u
    where k.id = u.key and (k.last_used_at is null or k.last_used_at < u.value::timestamptz);
end;
$$;
revoke execute on function aias_private.note_key_uses(jsonb) from public;
comment on function aias_private.note_key_uses(jsonb) is 'Notes when keys of the HTTP API were last used.';
