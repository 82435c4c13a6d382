-- aias_private.upstream_rule: what holds for the connections of a kind.
create or replace function aias_private.upstream_rule(p_kind text)
returns aias_private.upstream_rules
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select r
    from aias_private.upstream_rules as r
    where r.kind in (p_kind, 'any')
    order by r.kind = 'any'
    limit 1
$$;
revoke execute on function aias_private.upstream_rule(text) from public;
comment on function aias_private.upstream_rule(text) is 'The rule of a kind of connection, else that of any.';
