-- aias_private.claim_jobs: take the next ready jobs for a worker.
--
-- Caller    a worker that has room; p_is_thorough about once a second and whenever it found too little.
-- Promise   a job is handed to one caller only, and stays its own until it writes the end or its lease runs out. Of one lock
--           at most one job runs, and they start in order of priority and id. Between lanes the places are shared out by
--           weight (a lane that has less leaves its places to the others, so nothing idles and nothing starves), within a lane by
--           priority and turn. Paused lanes are passed over; a job that a pause or a limit keeps from running is parked,
--           once (admit_jobs). At most 1000 at a time. Other than in the engine's own claim a job of the future does not stand in the way of ready ones
--           of its lock.
-- Sharing   systematic sampling: one random offset for all lanes, so a share is exact in the mean and off by less than one
--           place in each claim; nothing is remembered between claims, and so nothing is fought over.
-- Returns   args as text and the time as seconds, so that no row can break the reading of the result: a row that
--           then can't be loaded goes to quarantine_job.
-- Race      two workers that start jobs of one lock at once meet the engine's unique index (lock, where doing): the loser looks
--           again. A row that the table's checks refuse (forced in while they were off) is quarantined here.
-- Locks     the jobs' rows, skip locked: never waits for another claim, but for the index as said.
-- requires: aias_private.quarantine_job
-- requires: aias_private.promote_due_jobs
-- requires: aias_private.pick_jobs
-- requires: aias_private.unpark_free_jobs
-- requires: aias_private.admit_jobs
-- requires: aias_private.ready_queues
create or replace function aias_private.claim_jobs(
    p_queues text[],
    p_worker bigint,
    p_limit integer,
    p_is_thorough boolean
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
    rescue_count integer,
    tenant_id uuid,
    correlation_id text,
    trace_parent text,
    trace_state text
)
language plpgsql
volatile
security definer
set search_path = public, pg_temp
-- rows are found by their keys, whatever the statistics of a table that fills and empties say at the moment, and with plans
-- that are kept: an array of ids has each call planned anew, for half of the time of a claim of one job
set enable_hashjoin = off
set enable_mergejoin = off
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
-- the executions are the history: a claim leaves no row of its own in the engine's events
set "aias.engine_events" = 'off'
as $$
#variable_conflict use_column
declare
    v_queues text[];
    v_weights double precision[];
    v_share double precision[];
    v_offset double precision;
    v_total double precision;
    v_sum double precision;
    v_want integer;
    v_places integer;
    v_found bigint[];
    v_admitted bigint[];
    v_ids bigint[];
    v_has_refused boolean;
    v_refused_count integer := 0;
    -- admit_jobs counts on it
    v_limit integer := least(p_limit, 1000);
    v_message text;
begin
    perform aias_private.promote_due_jobs(1000);
    for v_try in 1..50 loop
        begin
            v_ids := '{}';
            for v_pass in 1..20 loop
                if p_is_thorough then
                    exit when aias_private.unpark_free_jobs() = 0 and v_pass > 1;
                end if;
                select array_agg(q.name), array_agg(q.weight) into v_queues, v_weights
                from aias_private.ready_queues(p_queues, p_is_thorough) as q;
                v_share := v_weights;
                v_has_refused := false;
                -- parking what a new pause holds is spread over claims, should it hold a million
                while cardinality(v_ids) < v_limit and v_refused_count < 5000 loop
                    v_total := (select sum(s.weight) from unnest(v_share) as s(weight));
                    exit when coalesce(v_total, 0) = 0;
                    v_want := v_limit - cardinality(v_ids);
                    v_offset := random();
                    v_sum := 0;
                    for i in 1..cardinality(v_queues) loop
                        continue when v_share[i] = 0;
                        v_sum := v_sum + v_share[i];
                        v_places :=
                            floor(v_sum * v_want / v_total + v_offset)
                            - floor((v_sum - v_share[i]) * v_want / v_total + v_offset);
                        continue when v_places = 0;
                        v_found := aias_private.pick_jobs(v_queues[i], v_places, p_is_thorough);
                        if cardinality(v_found) < v_places then
                            v_share[i] := 0;
                        end if;
                        continue when cardinality(v_found) = 0;
                        v_admitted := aias_private.admit_jobs(v_found, cardinality(v_ids) = 0 and v_refused_count = 0);
                        if cardinality(v_admitted) < cardinality(v_found) then
                            v_has_refused := true;
                            v_refused_count := v_refused_count + cardinality(v_found) - cardinality(v_admitted);
                            -- one that another claim keeps from being judged would be found again and again
                            if exists (
                                select
                                from procrastinate_jobs as j
                                where
                                    j.id = any(v_found)
                                    and j.id <> all(v_admitted)
                                    and j.status = 'todo'
                                    and j.scheduled_at is null
                                    and j.parked_for is null
                            ) then
                                v_share[i] := 0;
                            end if;
                        end if;
                        update procrastinate_jobs as j
                        set status = 'doing', worker_id = p_worker
                        where j.id = any(v_admitted);
                        v_ids := v_ids || v_admitted;
                    end loop;
                end loop;
                -- a refused job may have left its place under one limit because of another
                exit when not (p_is_thorough and v_has_refused and cardinality(v_ids) < v_limit and v_refused_count < 5000);
            end loop;
            return query
            select
                j.id,
                j.queue_name::text,
                j.task_name::text,
                j.priority,
                j.lock,
                j.queueing_lock,
                j.args::text,
                extract(epoch from coalesce(j.scheduled_at, j.due_at))::double precision,
                j.attempts,
                j.rescue_count,
                j.tenant_id,
                j.correlation_id,
                j.trace_parent,
                j.trace_state
            from unnest(v_ids) with ordinality as u(id, place)
            inner join procrastinate_jobs as j on j.id = u.id
            order by u.place;
            return;
        exception
            when unique_violation then
                v_limit := greatest(1, v_limit / 2);
            when check_violation then
                if cardinality(v_found) = 1 then
                    get stacked diagnostics v_message = message_text;
                    perform aias_private.quarantine_job(v_found[1], v_message);
                else
                    v_limit := 1;
                end if;
        end;
    end loop;
end;
$$;
revoke execute on function aias_private.claim_jobs(text[], bigint, integer, boolean) from public;
grant execute on function aias_private.claim_jobs(text[], bigint, integer, boolean) to aias_worker;
comment on function aias_private.claim_jobs(text[], bigint, integer, boolean) is
'Hands the next ready jobs of some queues (null: all) to a worker, shared out by the weights of the lanes.';
