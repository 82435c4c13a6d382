-- aias.retention_holds: the tenants whose rows are kept longer, or shorter, than the policies say.
create or replace view aias.retention_holds
with (security_barrier)
as
select
    o.tenant_id,
    t.slug as tenant,
    o.table_name as policy,
    o.age,
    o.reason,
    o.set_by,
    o.set_at
from aias_private.retention_overrides as o
inner join aias_private.tenants as t on o.tenant_id = t.id
where
    (select aias_private.caller_sees_all())
    or o.tenant_id = (select aias_private.caller_tenant())
order by t.slug, o.table_name;
grant select on aias.retention_holds to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.retention_holds is 'The tenants whose rows are kept longer, or shorter, than the policies say. Fresh.';
comment on column aias.retention_holds.tenant_id is 'The tenant.';
comment on column aias.retention_holds.tenant is 'The tenant''s slug.';
comment on column aias.retention_holds.policy is 'The policy that it stands instead of; * is every one.';
comment on column aias.retention_holds.age is 'How old the tenant''s rows get; null for a legal hold: nothing goes.';
comment on column aias.retention_holds.reason is 'Why.';
comment on column aias.retention_holds.set_by is 'The role that set it.';
comment on column aias.retention_holds.set_at is 'When it was set.';
