-- aias.plugins: the plugins that workers have, and those that they had to leave out.
create or replace view aias.plugins
with (security_barrier)
as
select
    p.name,
    p.version,
    p.api_version,
    p.state,
    p.problem,
    p.brings,
    p.reported_by,
    p.reported_at
from aias_private.plugins as p
where (select aias_private.caller_sees_all());
grant select on aias.plugins to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.plugins is
'The plugins that are installed where workers run, and what came of loading them. For operators. Fresh; said anew every ten minutes.';
comment on column aias.plugins.name is 'The plugin: the name of its distribution.';
comment on column aias.plugins.version is 'The version of its distribution.';
comment on column aias.plugins.api_version is 'The version of the plugins'' interface that it asks for; null: it does not say.';
comment on column aias.plugins.state is 'loaded, or left_out: then nothing of it is there.';
comment on column aias.plugins.problem is 'Why it was left out; null: it was not.';
comment on column aias.plugins.brings is
'The names of its actions, integrations, analytics (schemas), tasks and simulators, as lists by kind.';
comment on column aias.plugins.reported_by is 'The machine whose workers said so.';
comment on column aias.plugins.reported_at is 'When they said so last.';
