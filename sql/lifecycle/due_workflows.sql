-- aias_private.due_workflows: workflows that nobody has run since a time.
--
-- Promise   a workflow counts as used on the days of its executions (aias_private.execution_days, which outlives them), while any
--           execution of it is there, and when it was made or a version was applied. One that was used again is not due any
--           more. is_told: its owner was told a fortnight ago or earlier.
create or replace function aias_private.due_workflows(p_until timestamptz)
returns table (
    tenant_id uuid,
    workflow_id uuid,
    name text,
    is_told boolean
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select w.tenant_id, w.id, w.name, coalesce(n.told_at <= aias_private.now() - interval '14 days', false)
    from aias_private.workflows as w
    left join aias_private.retention_warnings as n on n.tenant_id = w.tenant_id and n.workflow_id = w.id
    where
        w.deleted_at is null
        and w.created_at < p_until
        and not w.tenant_id = any(aias_private.kept_tenants('workflows', p_until))
        and not exists (
            select
            from aias_private.workflow_versions as v
            where v.tenant_id = w.tenant_id and v.workflow_id = w.id and v.created_at >= p_until
        )
        and not exists (
            select from aias_private.executions as e where e.tenant_id = w.tenant_id and e.workflow_id = w.id
        )
        and not exists (
            select
            from aias_private.execution_days as d
            where d.tenant_id = w.tenant_id and d.workflow_id = w.id and d.day >= (p_until at time zone 'UTC')::date
        )
    order by w.tenant_id, w.id
$$;
-- requires: aias_private.kept_tenants
revoke execute on function aias_private.due_workflows(timestamptz) from public;
comment on function aias_private.due_workflows(timestamptz) is 'The workflows that nobody has run since a time.';
