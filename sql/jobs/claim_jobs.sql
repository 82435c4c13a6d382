-- aias_private.claim_jobs: take the next ready jobs for a worker, most urgent first.
--
-- Caller    a worker that has free slots.
-- Promise   a job is handed to one caller only, and stays its own until it writes the end or its lease runs out. Of one lock
--           at most one job runs, and they start in order of priority and id. Other than in the engine's
--           own claim a job of the future does not stand in the way of ready ones of its lock.
-- Returns   args as text and the time as seconds, so that no row can break the reading of the result: a row that
--           then can't be loaded goes to quarantine_job. For that reason a job due at 'infinity' is claimed.
-- Race      two workers that start jobs of one lock at once meet the engine's unique index (lock, where doing): the loser looks
--           again. A row that the table's checks refuse (forced in while they were off) is quarantined here.
-- Locks     the jobs' rows, skip locked: never waits for another claim, but for the index as said.
-- requires: aias_private.quarantine_job
create or replace function aias_private.claim_jobs(
    p_queues text[],
    p_worker bigint,
    p_limit integer
)
returns table (
    id bigint,
    queue_name text,
    task_name text,
    priority integer,
    lock text,
    queueing_lock text,
    args text,
    scheduled_at double precision,
    attempts integer,
    rescue_count integer
)
language plpgsql
volatile
security definer
set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
    v_ids bigint[];
    v_limit integer := p_limit;
    v_now constant timestamptz := aias_private.now();
    v_message text;
begin
    for v_try in 1..50 loop
        select array_agg(c.id) into v_ids
        from (
            select j.id
            from procrastinate_jobs as j
            where
                j.status = 'todo'
                and (p_queues is null or j.queue_name = any(p_queues))
                and (j.scheduled_at is null or j.scheduled_at <= v_now or j.scheduled_at = 'infinity')
                and (
                    j.lock is null
                    or not exists (
                        select
                        from procrastinate_jobs as o
                        where
                            o.lock = j.lock
                            and (
                                o.status = 'doing'
                                or (
                                    o.status = 'todo'
                                    and (o.scheduled_at is null or o.scheduled_at <= v_now)
                                    and (o.priority > j.priority or (o.priority = j.priority and o.id < j.id))
                                )
                            )
                    )
                )
            order by j.priority desc, j.id
            limit v_limit
            for update of j skip locked
        ) as c;
        if v_ids is null then
            return;
        end if;
        begin
            return query
            with claimed as (
                update procrastinate_jobs as j
                set status = 'doing', worker_id = p_worker
                where j.id = any(v_ids)
                returning j.*
            )
            select
                c.id,
                c.queue_name::text,
                c.task_name::text,
                c.priority,
                c.lock,
                c.queueing_lock,
                c.args::text,
                extract(epoch from c.scheduled_at)::double precision,
                c.attempts,
                c.rescue_count
            from claimed as c
            order by c.priority desc, c.id;
            return;
        exception
            when unique_violation then
                v_limit := greatest(1, v_limit / 2);
            when check_violation then
                if cardinality(v_ids) = 1 then
                    get stacked diagnostics v_message = message_text;
                    perform aias_private.quarantine_job(v_ids[1], v_message);
                else
                    v_limit := 1;
                end if;
        end;
    end loop;
end;
$$;
revoke execute on function aias_private.claim_jobs(text[], bigint, integer) from public;
grant execute on function aias_private.claim_jobs(text[], bigint, integer) to aias_worker;
comment on function aias_private.claim_jobs(text[], bigint, integer) is
'Hands the next ready jobs of some queues (null: all) to a worker.';
