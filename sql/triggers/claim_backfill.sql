-- aias_private.claim_backfill: take one backfill that is not done.
--
-- Caller    the scheduler, which advances it in the same transaction.
-- Locks     the schedule's row, then the backfill's, skip locked.
create or replace function aias_private.claim_backfill()
returns table (
    tenant_id uuid,
    schedule_id uuid,
    id uuid,
    cron text,
    time_zone text,
    done_to timestamptz,
    to_at timestamptz
)
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    select b.tenant_id, b.schedule_id, b.id, s.cron, s.time_zone, b.done_to, b.to_at
    from aias_private.schedule_backfills as b
    inner join aias_private.schedules as s on s.tenant_id = b.tenant_id and s.id = b.schedule_id
    where b.finished_at is null
    order by b.id
    limit 1
    for update skip locked
$$;
revoke execute on function aias_private.claim_backfill() from public;
grant execute on function aias_private.claim_backfill() to aias_worker;
comment on function aias_private.claim_backfill() is 'Takes one backfill that is not done, for the caller''s transaction.';
