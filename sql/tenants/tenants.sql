-- aias.tenants: the customer accounts.
create or replace view aias.tenants
with (security_barrier)
as
select
    t.id,
    t.slug,
    t.name,
    t.plan,
    p.lane,
    t.industry,
    t.created_at,
    coalesce(t.time_zone, 'UTC') as time_zone,
    coalesce(t.language, 'en') as language,
    t.trial_started_at,
    t.trial_ends_at,
    t.converted_at
from aias_private.tenants as t
inner join aias_private.plans as p on t.plan = p.name
where
    (select aias_private.caller_sees_all())
    or t.id = (select aias_private.caller_tenant());
grant select on aias.tenants to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.tenants is 'The customer accounts. Fresh.';
comment on column aias.tenants.id is 'The tenant''s id (UUIDv7).';
comment on column aias.tenants.slug is 'The short name by which calls name the tenant; unique.';
comment on column aias.tenants.name is 'The name to show.';
comment on column aias.tenants.plan is 'The plan that the tenant is on (aias.plans.name).';
comment on column aias.tenants.lane is 'The lane that the plan gives its executions (aias.lanes.name).';
comment on column aias.tenants.industry is 'The tenant''s industry, where it said so.';
comment on column aias.tenants.created_at is 'When the account was made.';
comment on column aias.tenants.time_zone is 'Where it lives (IANA name); its people''s mornings are there.';
comment on column aias.tenants.language is 'The language that its people are written in (ISO 639-1).';
comment on column aias.tenants.trial_started_at is 'When its trial began; null: it never tried.';
comment on column aias.tenants.trial_ends_at is 'When its trial ends or ended; null: it never tried.';
comment on column aias.tenants.converted_at is 'When it chose a plan during or after its trial; null: not.';
