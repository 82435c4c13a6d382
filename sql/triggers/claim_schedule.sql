-- aias_private.claim_schedule: take one schedule that is due or not planned yet.
--
-- Caller    the scheduler, which advances it in the same transaction.
-- Promise   one scheduler at a time has it; a rollback (or a death) makes it due again.
-- Locks     the schedule's row, skip locked.
-- Plan      schedules_wake_idx.
create or replace function aias_private.claim_schedule()
returns table (
    tenant_id uuid,
    id uuid,
    name text,
    cron text,
    time_zone text,
    catch_up text,
    catch_up_limit integer,
    starts_at timestamptz,
    ends_at timestamptz,
    horizon_at timestamptz,
    now timestamptz
)
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    select
        s.tenant_id,
        s.id,
        s.name,
        s.cron,
        s.time_zone,
        s.catch_up,
        s.catch_up_limit,
        s.starts_at,
        s.ends_at,
        s.horizon_at,
        aias_private.now()
    from aias_private.schedules as s
    where s.wake_at <= aias_private.now()
    order by s.wake_at, s.id
    limit 1
    for update skip locked
$$;
revoke execute on function aias_private.claim_schedule() from public;
grant execute on function aias_private.claim_schedule() to aias_worker;
comment on function aias_private.claim_schedule() is 'Takes one schedule that is due, for the caller''s transaction.';
