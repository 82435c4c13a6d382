-- aias_private.add_operator_key: the key that seals the secrets of the operators' channels, made when there is none.
--
-- Caller    aias.alerts in Python, with a key that it just made and wrapped; callers at once agree on one.
-- Returns   the key that is used.
create or replace function aias_private.add_operator_key(
    p_key text,
    p_wrapped bytea,
    p_master_key text
)
returns table (
    key_id text,
    wrapped bytea,
    master_key_id text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    lock table aias_private.operator_keys in share row exclusive mode;
    insert into aias_private.operator_keys (id, wrapped, master_key_id)
    select p_key, p_wrapped, p_master_key
    where not exists (select from aias_private.operator_keys);
    return query
    select k.id, k.wrapped, k.master_key_id
    from aias_private.operator_keys as k
    order by k.created_at, k.id
    limit 1;
end;
$$;
revoke execute on function aias_private.add_operator_key(text, bytea, text) from public;
grant execute on function aias_private.add_operator_key(text, bytea, text) to aias_admin;
comment on function aias_private.add_operator_key(text, bytea, text) is
'Gives the key that seals the secrets of the operators'' channels; the given one becomes it when there is none.';
