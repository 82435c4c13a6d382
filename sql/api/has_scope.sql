-- aias_private.has_scope: whether scopes cover one that is wanted.
--
-- Promise   * covers everything, resource:* both of a resource, *:read every read; a scope covers itself.
create or replace function aias_private.has_scope(
    p_scopes text[],
    p_wanted text
)
returns boolean
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select
        '*' = any(p_scopes)
        or p_wanted = any(p_scopes)
        or split_part(p_wanted, ':', 1) || ':*' = any(p_scopes)
        or (p_wanted like '%:read' and '*:read' = any(p_scopes))
$$;
revoke execute on function aias_private.has_scope(text[], text) from public;
comment on function aias_private.has_scope(text[], text) is 'Whether scopes cover one that is wanted.';
