-- aias.fuse_rules: when fuses blow.
create or replace view aias.fuse_rules
with (security_barrier)
as
select
    r.scope,
    r.name,
    r.failure_count,
    r.within,
    r.is_enabled
from aias_private.fuse_rules as r;
grant select on aias.fuse_rules to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.fuse_rules is 'After how many equal failures of one tenant a fuse blows. Fresh.';
comment on column aias.fuse_rules.scope is 'task or workflow.';
comment on column aias.fuse_rules.name is 'The task or the workflow; * for all that have no rule of their own.';
comment on column aias.fuse_rules.failure_count is 'How many failures for good it takes, all for the same reason.';
comment on column aias.fuse_rules.within is 'Within which time; counted by ten seconds.';
comment on column aias.fuse_rules.is_enabled is 'Whether there is a fuse at all.';
