-- aias.flag_tenants: tenants for whom a flag is on or off whatever its percentage.
create or replace view aias.flag_tenants
with (security_barrier)
as
select
    t.slug as tenant,
    o.flag,
    o.is_on,
    o.set_by,
    o.set_at
from aias_private.flag_tenants as o
inner join aias_private.tenants as t on o.tenant_id = t.id
where
    (select aias_private.caller_sees_all())
    or o.tenant_id = (select aias_private.caller_tenant());
grant select on aias.flag_tenants to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.flag_tenants is 'The tenants for whom a flag is on or off whatever its percentage. Fresh.';
comment on column aias.flag_tenants.tenant is 'The tenant''s slug.';
comment on column aias.flag_tenants.flag is 'The flag (aias.flags.name).';
comment on column aias.flag_tenants.is_on is 'Whether it is on for this tenant.';
comment on column aias.flag_tenants.set_by is 'Who said so.';
comment on column aias.flag_tenants.set_at is 'When it was said.';
