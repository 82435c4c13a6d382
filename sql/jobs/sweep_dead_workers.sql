-- aias_private.sweep_dead_workers: take over from workers that are dead.
--
-- Caller    a loop in every worker process, outside the queue (a sweep that is a job can be stuck with the jobs that it is to
--           free), and `aias` by hand.
-- Promise   a worker is dead when its last heartbeat is older than the lease that it registered with (p_stalled_after for the
--           engine's own workers, which register none). Each of its jobs waits again, one attempt and one rescue
--           further; whatever the dead worker still writes is refused by these. So are running jobs whose
--           worker is gone altogether. A job that was rescued five times goes to the dead letters
--           ("crash loop") instead of killing workers for ever.
--           After a restart of the server nobody is dead before a whole lease has passed: no heart could beat meanwhile.
-- Locks     one sweep at a time (advisory, tried, never waited for); workers, then jobs by id, skip locked.
-- Time      the server's own clock, see register_worker.
-- requires: aias_private.bury_job
-- requires: aias_private.put_back_job
-- requires: aias_private.quarantine_job
-- requires: aias_private.unpark_free_jobs
create or replace function aias_private.sweep_dead_workers(p_stalled_after interval)
returns table (
    job_id bigint,
    outcome text,
    dead_worker_id bigint
)
language plpgsql
volatile
security definer
set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
    v_dead bigint[];
    v_job record;
    v_now constant timestamptz := pg_catalog.clock_timestamp();
begin
    if not pg_try_advisory_xact_lock(hashtextextended('aias_private.sweep_dead_workers', 0)) then
        return;
    end if;
    select array_agg(d.id) into v_dead
    from (
        select w.id
        from procrastinate_workers as w
        left join aias_private.workers as a on a.id = w.id
        where
            greatest(w.last_heartbeat, pg_postmaster_start_time())
            < v_now - coalesce(a.stalled_after, p_stalled_after)
        order by w.id
        for update of w skip locked
    ) as d;
    for v_job in
        select j.id, j.worker_id, j.rescue_count
        from procrastinate_jobs as j
        where j.status = 'doing' and j.worker_id = any(v_dead)
        union all
        select j.id, j.worker_id, j.rescue_count
        from procrastinate_jobs as j
        where j.status = 'doing' and j.worker_id is null
        order by 1
    loop
        perform
        from procrastinate_jobs as j
        where j.id = v_job.id and j.status = 'doing' and j.worker_id is not distinct from v_job.worker_id
        for update skip locked;
        if not found then
            continue;
        end if;
        job_id := v_job.id;
        dead_worker_id := v_job.worker_id;
        begin
            if v_job.rescue_count >= 5 then
                perform aias_private.bury_job(
                    v_job.id,
                    'crash loop',
                    jsonb_build_object(
                        'type', 'CrashLoop',
                        'message', format('the workers that ran it died %s times', v_job.rescue_count + 1)
                    ),
                    false
                );
                outcome := 'buried';
            else
                outcome := aias_private.put_back_job(v_job.id, true, true, interval '0', null, null, null, null);
                outcome := case outcome when 'todo' then 'rescued' else outcome end;
            end if;
        exception
            when check_violation then
                -- forced in while the table's checks were off: one such row must not hold up the sweep
                perform aias_private.quarantine_job(v_job.id, sqlerrm);
                outcome := 'quarantined';
        end;
        return next;
    end loop;
    delete from procrastinate_workers as w where w.id = any(v_dead);
    perform aias_private.unpark_free_jobs();
end;
$$;
revoke execute on function aias_private.sweep_dead_workers(interval) from public;
grant execute on function aias_private.sweep_dead_workers(interval) to aias_worker;
comment on function aias_private.sweep_dead_workers(interval) is
'Puts the jobs of dead workers back to waiting, and says which.';
