-- aias.explain_job: why a job does not run now, or that it does.
--
-- Returns   one row. reason: running | silent_worker (its worker has not been heard of; others take over at `until`) | no_holder |
--           scheduled | gate | event and the like (what its execution waits for) | pause | lock | limit | rate | no_worker | turn | next | succeeded, failed, aborted, cancelled.
-- Promise   read-only, one snapshot; the conditions are those of claim_jobs. `turn` and `next` may start as soon as a worker has
--           a place for them, others of the same limit permitting; everything else waits.
-- Errors    JR404 no such job.
-- requires: aias_private.assert_job_visible
-- requires: aias_private.job_gate
-- requires: aias_private.job_wait
create or replace function aias.explain_job(p_job bigint)
returns table (
    reason text,
    detail text,
    until timestamptz
)
language plpgsql
stable
security definer
set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
    v_job procrastinate_jobs;
    v_worker record;
    v_gate record;
    v_count bigint;
    v_now constant timestamptz := aias_private.now();
begin
    perform aias_private.assert_job_visible(p_job);
    select j.* into v_job from procrastinate_jobs as j where j.id = p_job;
    if v_job.status = 'doing' then
        select
            w.id,
            coalesce(a.host || ' ' || a.pid, 'unknown host') as place,
            w.last_heartbeat,
            w.last_heartbeat + coalesce(a.stalled_after, interval '30 seconds') as lease_end,
            w.last_heartbeat + coalesce(a.stalled_after, interval '30 seconds') / 2 < pg_catalog.now() as is_silent
        into v_worker
        from procrastinate_workers as w
        left join aias_private.workers as a on a.id = w.id
        where w.id = v_job.worker_id;
        if not found then
            return query values (
                'no_holder', 'it was running, but its worker is gone; the next sweep puts it back', v_now
            );
        elsif v_worker.is_silent then
            return query values (
                'silent_worker',
                format(
                    'its worker %s (%s) was last heard of at %s; when its lease ends others take over',
                    v_worker.id, v_worker.place, v_worker.last_heartbeat
                ),
                v_worker.lease_end
            );
        else
            return query values (
                'running',
                format(
                    'worker %s (%s) runs it%s',
                    v_worker.id,
                    v_worker.place,
                    case when v_job.abort_requested then ' and was asked to stop it' end
                ),
                null::timestamptz
            );
        end if;
        return;
    elsif v_job.status <> 'todo' then
        return query values (
            v_job.status::text,
            concat_ws(': ', 'it has ended', v_job.last_error ->> 'message'),
            null::timestamptz
        );
        return;
    elsif v_job.scheduled_at > v_now then
        return query select w.reason, w.detail, w.until from aias_private.job_wait(p_job) as w;
        if found then
            return;
        end if;
        return query values (
            case when v_job.parked_for like 'rate:%' then 'rate' else 'scheduled' end,
            case
                when v_job.parked_for like 'rate:%'
                    then 'its start was put off to then, so that no more start than the rate lets'
                when v_job.attempts > v_job.rescue_count
                    then format('attempt %s failed: %s', v_job.attempts, v_job.last_error ->> 'message')
                else 'it is asked for at that time'
            end,
            nullif(v_job.scheduled_at, 'infinity')
        );
        return;
    end if;
    select g.reason, g.detail, g.until into v_gate from aias_private.job_gate(p_job) as g;
    if found then
        return query values (v_gate.reason, v_gate.detail, v_gate.until);
        return;
    end if;
    if not exists (
        select
        from procrastinate_workers as w
        left join aias_private.workers as a on a.id = w.id
        where
            coalesce(a.status, 'running') = 'running'
            and (a.queues is null or v_job.queue_name = any(a.queues))
            and w.last_heartbeat + coalesce(a.stalled_after, interval '30 seconds') > pg_catalog.now()
    ) then
        return query values (
            'no_worker',
            format('no living worker works on the queue %s', quote_literal(v_job.queue_name)),
            null::timestamptz
        );
        return;
    end if;
    select count(*) into v_count
    from (
        select
        from procrastinate_jobs as o
        where
            o.status = 'todo'
            and o.scheduled_at is null
            and o.parked_for is null
            and o.queue_name = v_job.queue_name
            and (
                o.priority > v_job.priority
                or (o.priority = v_job.priority and (o.virtual_time, o.id) < (v_job.virtual_time, v_job.id))
            )
        limit 1000
    ) as o;
    return query values (
        case when v_count = 0 then 'next' else 'turn' end,
        case
            when v_count = 0 then 'the next place that a worker has for its lane is its'
            when v_count = 1 then '1 job of its lane comes before it'
            when v_count < 1000 then format('%s jobs of its lane come before it', v_count)
            else 'at least 1000 jobs of its lane come before it'
        end,
        null::timestamptz
    );
end;
$$;
revoke execute on function aias.explain_job(bigint) from public;
grant execute on function aias.explain_job(bigint) to aias_app, aias_admin, aias_worker;
comment on function aias.explain_job(bigint) is
'Why a job does not run now and until when, or that it runs or has ended.';
