-- aias_private.end_retention: end a run whose items are all settled.
--
-- Promise   the run is done, or failed where an item failed or is still detached; one audit row tells what it removed. A run with open
--           items goes on. Returns its status.
-- requires: aias_private.record_audit
create or replace function aias_private.end_retention(p_run uuid)
returns text
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_status text;
    v_counts jsonb;
begin
    if exists (
        select
        from aias_private.retention_items as i
        where i.run_id = p_run and i.state in ('planned', 'archiving', 'archived')
    ) then
        return 'running';
    end if;
    select
        case when count(*) filter (where i.state in ('failed', 'detached')) > 0 then 'failed' else 'done' end,
        jsonb_build_object(
            'partitions', count(*) filter (where i.state = 'dropped'),
            'rows', coalesce(sum(i.gone_count), 0),
            'bytes', coalesce(sum(i.byte_count) filter (where i.state = 'dropped'), 0),
            'waiting', count(*) filter (where i.state = 'waiting'),
            'failed', count(*) filter (where i.state in ('failed', 'detached'))
        )
    into v_status, v_counts
    from aias_private.retention_items as i
    where i.run_id = p_run;
    update aias_private.retention_runs as r
    set status = v_status, finished_at = aias_private.now()
    where r.id = p_run and r.status = 'running';
    if found then
        perform aias_private.record_audit(null, 'retention.ran', 'retention_run', p_run::text, v_counts);
    end if;
    return v_status;
end;
$$;
revoke execute on function aias_private.end_retention(uuid) from public;
grant execute on function aias_private.end_retention(uuid) to aias_worker, aias_admin;
comment on function aias_private.end_retention(uuid) is 'Ends a run of retention whose items are all settled; returns its status.';
