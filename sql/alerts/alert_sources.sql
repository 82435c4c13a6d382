-- aias.alert_sources: what rules may look at.
create or replace view aias.alert_sources
as
select
    s.name,
    s.key_kind,
    s.unit,
    s.description
from aias_private.alert_sources as s;
grant select on aias.alert_sources to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.alert_sources is 'What a rule may look at: aias.set_alert_rule takes these names and no others. Fresh.';
comment on column aias.alert_sources.name is 'Its name.';
comment on column aias.alert_sources.key_kind is 'What its keys name: tenant, integration, lane, schedule, ...';
comment on column aias.alert_sources.unit is 'The unit of its values.';
comment on column aias.alert_sources.description is 'What it gives.';
