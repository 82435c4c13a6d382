-- aias_private.mark_sample: make a workflow that was just applied a sample.
--
-- Caller    aias.onboarding, between begin_samples and settle_samples.
-- Promise   nothing that ever ran becomes a sample: only the first version of a workflow without executions.
-- Errors    JR409 the samples are not being installed, or the workflow is no new one.
create or replace function aias_private.mark_sample(
    p_tenant uuid,
    p_workflow uuid
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update aias_private.workflows as w
    set is_sample = true
    where
        w.tenant_id = p_tenant
        and w.id = p_workflow
        and w.current_version = 1
        and exists (
            select from aias_private.tenant_samples as s where s.tenant_id = p_tenant and s.status = 'due'
        )
        and not exists (
            select from aias_private.executions as e where e.tenant_id = p_tenant and e.workflow_id = p_workflow
        );
    if not found then
        raise exception 'the workflow % can''t become a sample', p_workflow
            using errcode = 'JR409', column = 'p_workflow';
    end if;
end;
$$;
revoke execute on function aias_private.mark_sample(uuid, uuid) from public;
grant execute on function aias_private.mark_sample(uuid, uuid) to aias_worker, aias_admin;
comment on function aias_private.mark_sample(uuid, uuid) is 'Makes a new workflow a sample, which counts nowhere.';
