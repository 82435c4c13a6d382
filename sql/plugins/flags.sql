-- aias.flags: the changes of behaviour that are being rolled out.
create or replace view aias.flags
with (security_barrier)
as
select
    f.name,
    f.percentage,
    f.description,
    (
        select count(*)
        from aias_private.flag_tenants as o
        where
            o.flag = f.name
            and ((select aias_private.caller_sees_all()) or o.tenant_id = (select aias_private.caller_tenant()))
    ) as tenant_count,
    f.set_by,
    f.set_at
from aias_private.flags as f;
grant select on aias.flags to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.flags is
'The flags: changes of behaviour, and the part of the tenants that they have reached. Fresh.';
comment on column aias.flags.name is 'How code and aias.is_enabled name it.';
comment on column aias.flags.percentage is 'For how many of the tenants it is on, in percent, 0 to 100.';
comment on column aias.flags.description is 'What it changes.';
comment on column aias.flags.tenant_count is
'Number of tenants, of those that the reader sees, of whom something else was said.';
comment on column aias.flags.set_by is 'Who set it last; aias: it came with AIAS.';
comment on column aias.flags.set_at is 'When it was set last.';
