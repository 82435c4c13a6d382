-- aias.users: the people of the tenants.
create or replace view aias.users
with (security_barrier)
as
select
    u.tenant_id,
    u.id,
    u.email,
    u.name,
    u.role,
    u.created_at,
    u.time_zone,
    u.language
from aias_private.users as u
where
    (select aias_private.caller_sees_all())
    or u.tenant_id = (select aias_private.caller_tenant());
grant select on aias.users to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.users is 'The people of the tenants. Fresh.';
comment on column aias.users.tenant_id is 'The tenant that the person belongs to.';
comment on column aias.users.id is 'The person''s id (UUIDv7).';
comment on column aias.users.email is 'The person''s e-mail address; unique in the tenant, whatever its case.';
comment on column aias.users.name is 'The person''s name.';
comment on column aias.users.role is 'What the person may do: owner, member or viewer.';
comment on column aias.users.created_at is 'When the person was added.';
comment on column aias.users.time_zone is 'Where the person lives (IANA name); null: as the tenant.';
comment on column aias.users.language is 'What the person reads (ISO 639-1); null: as the tenant.';
