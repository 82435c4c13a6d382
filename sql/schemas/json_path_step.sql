-- aias_private.json_path_step: how a path goes on into an object's key.
--
-- Promise   .name where the key is a plain name, else ["any key"] as JSON writes it, so that no control
--           character and no quote of a key's can spoil a message. A long key is cut to 60 characters.
create or replace function aias_private.json_path_step(
    p_key text
)
returns text
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select
        case
            when p_key ~ '^[A-Za-z_$][A-Za-z0-9_$]{0,59}$' then '.' || p_key
            when char_length(p_key) <= 60 then '[' || to_json(p_key) || ']'
            else '[' || to_json(left(p_key, 60) || '…') || ']'
        end
$$;

revoke execute on function aias_private.json_path_step(text) from public;

comment on function aias_private.json_path_step(text) is
'The step of a JSON path that leads to a key: .name or ["any key"].';
