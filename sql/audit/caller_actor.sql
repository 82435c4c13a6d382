-- aias_private.caller_actor: who acts: the application's user where it says so, else the calling role.
create or replace function aias_private.caller_actor()
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        nullif(left(current_setting('aias.actor', true), 200), ''),
        aias_private.caller_role()::text
    )
$$;
revoke execute on function aias_private.caller_actor() from public;
comment on function aias_private.caller_actor() is 'Who acts: the setting aias.actor, else the calling role.';
