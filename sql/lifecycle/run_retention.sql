-- aias.run_retention: say what retention would remove now; or have it removed.
--
-- Promise   dry (the default): nothing changes. Else a run is recorded and a job carries it out after this transaction commits;
--           what comes back is what that run has to do, also where a run goes on already. Rows are the planner's estimates.
-- Errors    JR403 the caller is confined to a tenant.
-- requires: aias_private.begin_retention
-- requires: aias_private.insert_job
-- requires: aias_private.plan_retention
-- requires: aias_private.record_audit
create or replace function aias.run_retention(p_dry_run boolean default true)
returns table (
    policy text,
    object text,
    rows bigint,
    bytes bigint,
    action text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_run uuid;
begin
    if not aias_private.caller_sees_all() then
        raise exception 'retention is a matter for administrators' using errcode = 'JR403';
    end if;
    if p_dry_run is distinct from false then
        return query
        select
            p.table_name,
            p.object || coalesce(' of ' || t.slug, ''),
            p.row_estimate,
            p.byte_count,
            p.action
        from aias_private.plan_retention(false) as p
        left join aias_private.tenants as t on t.id = p.owner_tenant_id;
        return;
    end if;
    v_run := aias_private.begin_retention(aias_private.caller_role(), false);
    if v_run is null then
        return;
    end if;
    perform aias_private.insert_job(
        'aias.carry_out_retention', '{}', l.queue_name, l.base_priority, null, 'aias.retention', null, null
    )
    from aias_private.lanes as l
    where l.name = 'maintenance';
    perform aias_private.record_audit(null, 'retention.requested', 'retention_run', v_run::text, '{}');
    return query
    select
        i.table_name,
        i.object || coalesce(' of ' || t.slug, ''),
        i.row_estimate,
        i.byte_count,
        i.action
    from aias_private.retention_items as i
    left join aias_private.tenants as t on t.id = i.owner_tenant_id
    where i.run_id = v_run
    order by i.position;
end;
$$;
revoke execute on function aias.run_retention(boolean) from public;
grant execute on function aias.run_retention(boolean) to aias_app, aias_admin;
comment on function aias.run_retention(boolean) is
'Says what retention would remove now (the default), or has a job remove it; administrators only.';
