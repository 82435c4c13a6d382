-- aias_private.stamp_job: give a job its turn when it begins to wait.
--
-- Caller    every insert into the job table that has no stamp yet, and every update that makes a job ready (again) or moves it.
-- Promise   one turn after its tenant's last ready job of the class, and not before the class's clock. What has run before and
--           what a limit held keeps its turn, but for the clock: few of one tenant come at once. What was paused or scheduled is
--           stamped as if it came now: there may be thousands, which are not to stand in one turn. Reads two rows,
--           locks none: two sessions that enqueue for one tenant at once may give the same turn, and ids decide.
--           A class without a clock gets one from the first thorough claim: made here it would
--           let everybody wait who inserts, until the first one's transaction ends.
-- Plan      aias_jobs_turn_idx, queue_clocks_pkey.
create or replace function aias_private.stamp_job()
returns trigger
language plpgsql
volatile
security definer
set search_path = public, pg_temp
-- a plan that is made while the table is empty is kept, and would read all of it for each row that comes
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
    v_last double precision;
begin
    if tg_op = 'INSERT'
        or old.queue_name <> new.queue_name
        or old.priority <> new.priority
        or (
            old.status = 'todo'
            and old.attempts = 0
            and (old.scheduled_at is not null or old.parked_for like 'pause:%')
            and coalesce(old.parked_for, '') not like 'rate:%'
        )
    then
        -- greatest() passes over nulls
        select
            greatest(
                (
                    select c.virtual_time
                    from aias_private.queue_clocks as c
                    where c.queue_name = new.queue_name and c.priority = new.priority
                ),
                (
                    select j.virtual_time
                    from procrastinate_jobs as j
                    where
                        j.status = 'todo'
                        and j.scheduled_at is null
                        and j.parked_for is null
                        and j.queue_name = new.queue_name
                        and j.priority = new.priority
                        and coalesce(j.tenant_id, '00000000-0000-0000-0000-000000000000')
                        = coalesce(new.tenant_id, '00000000-0000-0000-0000-000000000000')
                    order by j.virtual_time desc
                    limit 1
                ),
                0
            ) into v_last;
    else
        select greatest(c.virtual_time, old.virtual_time - 1, 0) into v_last
        from (values (new.queue_name, new.priority)) as n (queue_name, priority)
        left join aias_private.queue_clocks as c on c.queue_name = n.queue_name and c.priority = n.priority;
    end if;
    new.virtual_time := v_last + 1;
    return new;
end;
$$;
revoke execute on function aias_private.stamp_job() from public;
comment on function aias_private.stamp_job() is 'Gives a job its turn among the tenants of its queue.';

create or replace trigger aias_stamp_new_job
before insert on public.procrastinate_jobs
for each row
when (new.status = 'todo' and new.virtual_time = 0)
execute function aias_private.stamp_job();

create or replace trigger aias_stamp_waiting_job
before update on public.procrastinate_jobs
for each row
when (
    new.status = 'todo'
    and (
        old.status <> 'todo'
        or old.queue_name <> new.queue_name
        or old.priority <> new.priority
        or (old.scheduled_at is not null and new.scheduled_at is null)
        or (old.parked_for is not null and new.parked_for is null)
    )
)
execute function aias_private.stamp_job();
