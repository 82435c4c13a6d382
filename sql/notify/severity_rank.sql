-- aias_private.severity_rank: how grave a severity is, to compare by.
create or replace function aias_private.severity_rank(p_severity text)
returns integer
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select array_position(array['info', 'warning', 'critical'], p_severity)
$$;
revoke execute on function aias_private.severity_rank(text) from public;
comment on function aias_private.severity_rank(text) is 'How grave a severity is: info 1, warning 2, critical 3.';
