-- aias_private.unpark_free_jobs: let go what is parked for something that does not keep it any more.
--
-- Caller    a thorough claim, and the sweep: the net under everything that lets parked jobs go.
-- Promise   for a pause that is gone all its jobs, for a limit as many as there is room under it.
-- Plan      aias_jobs_parked_idx: one look per thing that jobs are parked for, none over the jobs.
-- requires: aias_private.limit_state
-- requires: aias_private.unpark_jobs
create or replace function aias_private.unpark_free_jobs()
returns integer
language plpgsql
volatile
set search_path = public, pg_temp
as $$
declare
    v_parked_for text := '';
    v_room integer;
    v_count integer := 0;
begin
    loop
        select j.parked_for into v_parked_for
        from procrastinate_jobs as j
        where j.status = 'todo' and j.parked_for > v_parked_for
        order by j.parked_for
        limit 1;
        exit when not found;
        if v_parked_for like 'limit:%' then
            select s.max_running - s.running_count into v_room
            from aias_private.limit_state(substr(v_parked_for, 7)) as s;
            -- no limit: all of them
            if not found or v_room > 0 then
                v_count := v_count + aias_private.unpark_jobs(v_parked_for, v_room);
            end if;
        elsif v_parked_for like 'pause:%'
            and not exists (select from aias_private.pauses as p where 'pause:' || p.key = v_parked_for)
        then
            v_count := v_count + aias_private.unpark_jobs(v_parked_for, null);
        end if;
    end loop;
    return v_count;
end;
$$;
revoke execute on function aias_private.unpark_free_jobs() from public;
comment on function aias_private.unpark_free_jobs() is
'Lets go what is parked for something that does not keep it any more, and says how many.';
