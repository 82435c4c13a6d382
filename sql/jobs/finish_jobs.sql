-- aias_private.finish_jobs: delete jobs that succeeded, many at once.
--
-- Caller    a worker's group of ends. Worker and attempts fence each, as in finish_job.
-- Promise   all of the call or nothing; gives the ids that were still the worker's. A missing one was written before, or is
--           another's by now.
-- requires: aias_private.free_limits
-- requires: aias_private.wake_lock_waiters
create or replace function aias_private.finish_jobs(
    p_worker bigint,
    p_jobs bigint[],
    p_attempts integer[]
)
returns bigint[]
language plpgsql
volatile
security definer
set search_path = public, pg_temp
-- rows are found by their keys, whatever the statistics of a table that fills and empties say at the moment; for the same
-- reason the conditions below are written so that no partial index of running jobs, which looks empty, fits them; plans
-- are kept, which calls with arrays would have made anew each time
set enable_hashjoin = off
set enable_mergejoin = off
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
declare
    v_ids bigint[];
    v_locks text[];
    v_lock text;
    v_tenants uuid[];
    v_workflows uuid[];
    v_keys text[];
begin
    with ended as (
        delete from procrastinate_jobs as j
        using unnest(p_jobs, p_attempts) as g(id, attempts)
        where j.id = g.id and j.status::text = 'doing' and coalesce(j.worker_id, 0) = p_worker and j.attempts = g.attempts
        returning j.id, j.lock, j.tenant_id, j.workflow_id, j.limit_key
    )
    select
        array_agg(e.id),
        array_agg(e.lock) filter (where e.lock is not null),
        array_agg(e.tenant_id),
        array_agg(e.workflow_id),
        array_agg(e.limit_key)
    into v_ids, v_locks, v_tenants, v_workflows, v_keys
    from ended as e;
    if v_locks is not null then
        foreach v_lock in array v_locks loop
            perform aias_private.wake_lock_waiters(v_lock);
        end loop;
    end if;
    perform aias_private.free_limits(v_tenants, v_workflows, v_keys);
    return coalesce(v_ids, '{}');
end;
$$;
revoke execute on function aias_private.finish_jobs(bigint, bigint[], integer[]) from public;
grant execute on function aias_private.finish_jobs(bigint, bigint[], integer[]) to aias_worker;
comment on function aias_private.finish_jobs(bigint, bigint[], integer[]) is
'Deletes jobs that succeeded, for the worker that still holds them, and gives those that it did.';
