-- aias_private.check_plugins: plugins that were left out, and schemas of theirs that could not be brought up to date.
--
-- Caller    aias_private.look_at_health, for the check plugins.
-- Promise   by what workers said within the last hour; nothing is loaded here.
create or replace function aias_private.check_plugins()
returns table (
    object text,
    problem text
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select p.name || ' on ' || p.reported_by, 'is left out: ' || p.problem
    from aias_private.plugins as p
    where p.state = 'left_out' and p.reported_at > aias_private.now() - interval '1 hour'
    union all
    select s.plugin, format('its schema %s is not up to date: %s', s.schema, s.problem)
    from aias_private.plugin_schemas as s
    where s.problem is not null
    order by 1
$$;
revoke execute on function aias_private.check_plugins() from public;
comment on function aias_private.check_plugins() is
'Plugins that workers had to leave out, and schemas of plugins that are not up to date.';
