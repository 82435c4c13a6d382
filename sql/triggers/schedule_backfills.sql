-- aias.schedule_backfills: the spans of time that were asked to be run after the fact.
-- requires: aias_private.nil_uuid
create or replace view aias.schedule_backfills
with (security_barrier)
as
select
    nullif(b.tenant_id, aias_private.nil_uuid()) as tenant_id,
    b.schedule_id,
    b.id,
    b.from_at,
    b.to_at,
    case when b.finished_at is null then 'running' else 'finished' end as status,
    b.started_count,
    b.requested_by,
    b.created_at,
    b.finished_at
from aias_private.schedule_backfills as b
where
    (select aias_private.caller_sees_all())
    or b.tenant_id = (select aias_private.caller_tenant());
grant select on aias.schedule_backfills to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.schedule_backfills is 'Spans of time whose due times are run after the fact. Fresh.';
comment on column aias.schedule_backfills.tenant_id is 'The tenant; null for the system''s own.';
comment on column aias.schedule_backfills.schedule_id is 'The schedule.';
comment on column aias.schedule_backfills.id is 'The request''s id (UUIDv7).';
comment on column aias.schedule_backfills.from_at is 'The beginning of the span, which belongs to it.';
comment on column aias.schedule_backfills.to_at is 'The end of the span, which belongs to it.';
comment on column aias.schedule_backfills.status is 'running or finished: all of its due times have been started.';
comment on column aias.schedule_backfills.started_count is 'How many due times it has started.';
comment on column aias.schedule_backfills.requested_by is 'Who asked for it.';
comment on column aias.schedule_backfills.created_at is 'When it was asked for.';
comment on column aias.schedule_backfills.finished_at is 'When its last due time was started.';
