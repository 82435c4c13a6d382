-- aias_private.begin_retention: record what a run of retention has to do, or go on with the run that is not over.
--
-- Promise   at most one run goes on at a time: while one does, its id comes back and nothing is planned anew. Null where nothing is
--           due. A partition that a former run detached and did not get to drop is the new run's to drop.
-- Locks     an advisory lock until the transaction ends: two callers get the same run.
-- requires: aias_private.plan_retention
create or replace function aias_private.begin_retention(
    p_requested_by text,
    p_is_scheduled boolean
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_run uuid;
begin
    perform pg_advisory_xact_lock(hashtextextended('aias_private.retention_runs', 0));
    select r.id into v_run from aias_private.retention_runs as r where r.status = 'running';
    if found then
        return v_run;
    end if;
    insert into aias_private.retention_runs as r (requested_by) values (p_requested_by) returning r.id into v_run;
    insert into aias_private.retention_items (
        run_id, position, table_name, object, kind, unit, owner_tenant_id, action, cutoff_at, row_estimate, byte_count
    )
    select
        v_run,
        row_number() over (),
        p.table_name,
        p.object,
        p.kind,
        p.unit,
        p.owner_tenant_id,
        p.action,
        p.cutoff_at,
        p.row_estimate,
        p.byte_count
    from aias_private.plan_retention(p_is_scheduled) as p;
    if not found and not exists (select from aias_private.retention_items as i where i.state = 'detached') then
        delete from aias_private.retention_runs as r where r.id = v_run;
        return null;
    end if;
    -- a row of a table of a policy that had nothing to do waits for its next time as well
    update aias_private.retention_policies as p
    set last_run_at = aias_private.now()
    where p.is_enabled and p.age is not null and (
        not p_is_scheduled
        or exists (select from aias_private.retention_items as i where i.run_id = v_run and i.table_name = p.table_name)
    );
    return v_run;
end;
$$;
revoke execute on function aias_private.begin_retention(text, boolean) from public;
grant execute on function aias_private.begin_retention(text, boolean) to aias_worker, aias_admin;
comment on function aias_private.begin_retention(text, boolean) is
'Records what a run of retention has to do, or gives the run that goes on; null where nothing is due.';
