-- aias_private.park_jobs: take out of the ready ones what a pause keeps from running.
--
-- Caller    admit_jobs, with rows that the claim has locked; gives back those that may run, in the order given.
-- Promise   a parked job is out of the ready index, so no claim reads it again; what ends the pause takes it back in.
-- requires: aias_private.pauses_of_jobs
create or replace function aias_private.park_jobs(p_ids bigint[])
returns bigint[]
language plpgsql
volatile
set search_path = public, pg_temp
as $$
declare
    v_parked bigint[];
begin
    if not exists (select from aias_private.pauses) then
        return p_ids;
    end if;
    with parked as (
        update procrastinate_jobs as j
        set parked_for = 'pause:' || p.key
        from (
            select distinct on (o.job_id) o.job_id, o.key
            from aias_private.pauses_of_jobs(p_ids) as o
            order by o.job_id, o.paused_at
        ) as p
        where j.id = p.job_id
        returning j.id
    )
    select array_agg(k.id) into v_parked from parked as k;
    return array(
        select i.id
        from unnest(p_ids) with ordinality as i(id, place)
        where v_parked is null or i.id <> all(v_parked)
        order by i.place
    );
end;
$$;
revoke execute on function aias_private.park_jobs(bigint[]) from public;
comment on function aias_private.park_jobs(bigint[]) is 'Parks the jobs that a pause keeps from running, and gives the others.';
