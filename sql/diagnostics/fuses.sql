-- aias.fuses: what gave up so often that the rest is kept from it.
-- requires: aias_private.nil_uuid
create or replace view aias.fuses
with (security_barrier)
as
select
    f.id,
    nullif(f.tenant_id, aias_private.nil_uuid()) as tenant_id,
    t.slug as tenant,
    f.scope,
    f.name,
    case when f.released_at is null then 'blown' else 'released' end as status,
    f.reason,
    f.group_id as error_group_id,
    f.failure_count,
    f.within,
    f.diverted_count,
    f.requeued_count,
    f.is_requeueing,
    f.blown_at,
    f.released_at,
    f.released_by,
    f.released_reason
from aias_private.fuses as f
left join aias_private.tenants as t on f.tenant_id = t.id
where
    (select aias_private.caller_sees_all())
    or f.tenant_id = (select aias_private.caller_tenant());
grant select on aias.fuses to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.fuses is
'Tasks and workflows of a tenant that gave up too often for the same reason: what follows goes to the dead letters. Fresh.';
comment on column aias.fuses.id is 'The incident''s id (UUIDv7), for release_fuse; the dead letters name it.';
comment on column aias.fuses.tenant_id is 'Whose work it is; null for jobs of no tenant.';
comment on column aias.fuses.tenant is 'The tenant''s slug.';
comment on column aias.fuses.scope is 'task or workflow.';
comment on column aias.fuses.name is 'The task, or the workflow.';
comment on column aias.fuses.status is 'blown: nothing of it starts; released: it runs again.';
comment on column aias.fuses.reason is 'The error for which it gave up.';
comment on column aias.fuses.error_group_id is 'The error''s group (aias.error_groups).';
comment on column aias.fuses.failure_count is 'How often it had given up when the fuse blew.';
comment on column aias.fuses.within is 'Within which time.';
comment on column aias.fuses.diverted_count is 'How many jobs or executions went to the dead letters instead of starting.';
comment on column aias.fuses.requeued_count is 'How many of these the release has started again.';
comment on column aias.fuses.is_requeueing is 'Whether the release has more of them to start again.';
comment on column aias.fuses.blown_at is 'Since when.';
comment on column aias.fuses.released_at is 'When it was released.';
comment on column aias.fuses.released_by is 'Who released it.';
comment on column aias.fuses.released_reason is 'Why, in their words.';
