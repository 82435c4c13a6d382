-- aias_private.tend_fuses: what fuses need from time to time.
--
-- Caller    the upkeep, every minute, again while it says true.
-- Promise   at most 1000 jobs or executions of each blown fuse are diverted and as many of each released one started again;
--           counts that no rule looks at any more are dropped. Whether there may be more to do.
-- requires: aias_private.divert
-- requires: aias_private.requeue_diverted
create or replace function aias_private.tend_fuses()
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_fuse record;
    v_now constant timestamptz := aias_private.now();
    v_count integer := aias_private.divert(false, 1000);
begin
    for v_fuse in
        select f.tenant_id, f.id
        from aias_private.fuses as f
        where f.is_requeueing
        order by f.id
    loop
        v_count := v_count + aias_private.requeue_diverted(v_fuse.tenant_id, v_fuse.id, 1000);
    end loop;
    delete from aias_private.fuse_failures as c
    where c.at < v_now - coalesce((select max(r.within) from aias_private.fuse_rules as r), interval '0') - interval '1 minute';
    delete from aias_private.error_recorders as r where r.at < v_now - interval '1 day';
    return v_count > 0;
end;
$$;
revoke execute on function aias_private.tend_fuses() from public;
grant execute on function aias_private.tend_fuses() to aias_worker;
comment on function aias_private.tend_fuses() is
'Diverts what the blown fuses hold, starts again what released ones had diverted, and says whether there may be more.';
