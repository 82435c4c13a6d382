-- aias_private.insert_tenant_job: enqueue a job of ours in the lane of a tenant's plan.
-- requires: aias_private.insert_job
create or replace function aias_private.insert_tenant_job(
    p_tenant uuid,
    p_task text,
    p_args jsonb,
    p_run_at timestamptz
)
returns bigint
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    select aias_private.insert_job(
        p_task,
        jsonb_build_object('tenant_id', p_tenant) || p_args,
        l.queue_name,
        l.base_priority,
        p_run_at,
        null,
        null,
        null
    )
    from aias_private.tenants as t
    inner join aias_private.plans as p on p.name = t.plan
    inner join aias_private.lanes as l on l.name = p.lane
    where t.id = p_tenant
$$;
revoke execute on function aias_private.insert_tenant_job(uuid, text, jsonb, timestamptz) from public;
comment on function aias_private.insert_tenant_job(uuid, text, jsonb, timestamptz) is
'Enqueues a job in the lane of a tenant''s plan.';
