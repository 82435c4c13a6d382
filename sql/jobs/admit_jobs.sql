-- aias_private.admit_jobs: which of some jobs may start now; the others are parked.
--
-- Caller    claim_jobs, with rows that it has locked and found ready; it lets run what this gives, in the same transaction.
-- Promise   none that is paused; under each limit no more than its maximum, however many claims there are at once, and no
--           more than its rate lets start. A job that may not run is parked once for what keeps it, and let go when that ends;
--           under a key that another claim is busy with it is left as it is.
-- Cost      a limit that is far is not locked: as long as it would hold if every worker claimed as much as a claim can give, nobody
--           has to wait for anybody.
-- Locks     keys in order, so claims that wait for each other's can't deadlock; p_is_waiting: not when keys are held from an
--           earlier call.
-- requires: aias_private.limit_state
-- requires: aias_private.limits_of_jobs
-- requires: aias_private.lock_limit
-- requires: aias_private.park_jobs
-- requires: aias_private.take_rate
create or replace function aias_private.admit_jobs(
    p_ids bigint[],
    p_is_waiting boolean
)
returns bigint[]
language plpgsql
volatile
set search_path = public, pg_temp
as $$
declare
    v_ids bigint[] := aias_private.park_jobs(p_ids);
    v_limit record;
    v_jobs bigint[];
    v_admitted bigint[];
    v_room integer;
    v_reach integer;
begin
    for v_limit in
        select
            l.key,
            bool_or(l.has_maximum) as has_maximum,
            max(l.rate_count) as rate_count,
            max(l.rate_per) as rate_per,
            max(l.rate_burst) as rate_burst,
            array_agg(distinct l.job_id) as jobs
        from aias_private.limits_of_jobs(v_ids) as l
        group by l.key
        -- a start that a rate has counted is not to be refused afterwards: rates last
        order by max(l.rate_count) is not null, l.key
    loop
        v_jobs := array(
            select u.id
            from unnest(v_ids) with ordinality as u(id, place)
            where u.id = any(v_limit.jobs)
            order by u.place
        );
        continue when cardinality(v_jobs) = 0;
        v_admitted := v_jobs;
        -- in flight besides this claim: one claim of each worker, 1000 jobs at most
        v_reach := coalesce(v_reach, (select count(*)::integer from procrastinate_workers) * 1000);
        v_room := case when v_limit.has_maximum then
            (select s.max_running - s.running_count from aias_private.limit_state(v_limit.key) as s)
        end;
        if v_limit.rate_count is not null or v_room - cardinality(v_jobs) < v_reach then
            if not aias_private.lock_limit(v_limit.key, p_is_waiting) then
                v_admitted := '{}';
            else
                v_room := case when v_limit.has_maximum then
                    (select s.max_running - s.running_count from aias_private.limit_state(v_limit.key) as s)
                end;
                if v_room < cardinality(v_jobs) then
                    v_admitted := v_jobs[:greatest(v_room, 0)];
                    update procrastinate_jobs as j
                    set parked_for = 'limit:' || v_limit.key
                    where j.id = any(v_jobs[greatest(v_room, 0) + 1:]);
                end if;
                if v_limit.rate_count is not null and cardinality(v_admitted) > 0 then
                    v_admitted := aias_private.take_rate(
                        v_limit.key, v_admitted, v_limit.rate_count, v_limit.rate_per, v_limit.rate_burst
                    );
                end if;
            end if;
        end if;
        if cardinality(v_admitted) < cardinality(v_jobs) then
            v_ids := array(
                select u.id
                from unnest(v_ids) with ordinality as u(id, place)
                where u.id <> all(v_jobs) or u.id = any(v_admitted)
                order by u.place
            );
        end if;
    end loop;
    return v_ids;
end;
$$;
revoke execute on function aias_private.admit_jobs(bigint[], boolean) from public;
comment on function aias_private.admit_jobs(bigint[], boolean) is
'Gives those of some jobs that may start now, and parks those that a pause or a limit keeps from it.';
