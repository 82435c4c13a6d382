-- aias_private.free_limits: jobs have ended or were put back; let as many go that were parked for their limits.
--
-- Caller    every function of this folder that ends or puts back running jobs.
-- Race      a claim that parks a job while the last one under the limit ends is not seen here: a thorough claim, which every
--           worker makes each second and whenever it found too little, lets that job go (unpark_free_jobs).
-- Plan      aias_jobs_parked_idx: one look when nothing is parked for a limit.
-- requires: aias_private.unpark_jobs
create or replace function aias_private.free_limits(
    p_tenants uuid[],
    p_workflows uuid[],
    p_limit_keys text[]
)
returns void
language plpgsql
volatile
set search_path = public, pg_temp
as $$
declare
    v_freed record;
begin
    if not exists (
        select
        from procrastinate_jobs as j
        where j.status = 'todo' and j.parked_for >= 'limit:' and j.parked_for < 'limit;'
    ) then
        return;
    end if;
    for v_freed in
        select k.key, count(*)::integer as place_count
        from unnest(p_tenants, p_workflows, p_limit_keys) as e(tenant_id, workflow_id, limit_key)
        cross join lateral unnest(
            array[
                'tenant:' || e.tenant_id,
                'workflow:' || e.workflow_id,
                'key:' || e.tenant_id || ':' || e.limit_key,
                'key:00000000-0000-0000-0000-000000000000:' || e.limit_key
            ]
        ) as k(key)
        where k.key is not null
        group by k.key
        order by k.key
    loop
        perform aias_private.unpark_jobs('limit:' || v_freed.key, v_freed.place_count);
    end loop;
end;
$$;
revoke execute on function aias_private.free_limits(uuid[], uuid[], text[]) from public;
comment on function aias_private.free_limits(uuid[], uuid[], text[]) is
'Lets jobs go that were parked for limits under which others have ended.';
