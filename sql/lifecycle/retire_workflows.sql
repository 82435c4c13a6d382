-- aias_private.retire_workflows: tell the owners of unused workflows, and a fortnight later take them out of use.
--
-- Caller    the run, in a transaction of its own.
-- Promise   nothing is lost: aias.restore_workflow takes it back. Who was told and ran the workflow again is told anew a year after
--           that. At most 1,000 each time; the rest with the next run.
-- requires: aias_private.due_workflows
-- requires: aias_private.post_notice
-- requires: aias_private.record_audit
create or replace function aias_private.retire_workflows(
    p_run uuid,
    p_item integer
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := aias_private.now();
    v_cutoff timestamptz;
    v_workflow record;
    v_count bigint := 0;
    v_told bigint := 0;
begin
    select i.cutoff_at into v_cutoff
    from aias_private.retention_items as i
    where i.run_id = p_run and i.position = p_item and i.state = 'planned'
    for update;
    if not found then
        return;
    end if;
    delete from aias_private.retention_warnings as n
    where not exists (
        select
        from aias_private.due_workflows(v_cutoff) as d
        where d.tenant_id = n.tenant_id and d.workflow_id = n.workflow_id
    );
    for v_workflow in
        select d.tenant_id, d.workflow_id, d.name, d.is_told from aias_private.due_workflows(v_cutoff) as d limit 1000
    loop
        if v_workflow.is_told then
            update aias_private.workflows as w
            set deleted_at = v_now, is_enabled = false
            where w.tenant_id = v_workflow.tenant_id and w.id = v_workflow.workflow_id and w.deleted_at is null;
            perform aias_private.record_audit(
                v_workflow.tenant_id,
                'workflow.retired',
                'workflow',
                v_workflow.workflow_id::text,
                jsonb_build_object('name', v_workflow.name, 'unused_since_before', v_cutoff, 'run', p_run)
            );
            delete from aias_private.retention_warnings as n
            where n.tenant_id = v_workflow.tenant_id and n.workflow_id = v_workflow.workflow_id;
            v_count := v_count + 1;
        else
            insert into aias_private.retention_warnings as n (tenant_id, workflow_id)
            values (v_workflow.tenant_id, v_workflow.workflow_id)
            on conflict (tenant_id, workflow_id) do nothing;
            if found then
                v_told := v_told + 1;
                perform aias_private.post_notice(
                    v_workflow.tenant_id,
                    'retention.workflow_unused',
                    'info',
                    format('The workflow %s has not run for a long time', v_workflow.name),
                    format(
                        'Nobody has run %s since %s. Unless it runs or is applied again it is taken out of use in two weeks'
                        ' or later; aias workflow restore brings it back.',
                        v_workflow.name,
                        to_char(v_cutoff at time zone 'UTC', 'YYYY-MM-DD')
                    ),
                    jsonb_build_object('workflow', v_workflow.name),
                    format('retention.workflow_unused:%s:%s', v_workflow.workflow_id, v_now::date)
                );
            end if;
        end if;
    end loop;
    update aias_private.retention_items as i
    set state = 'done', gone_count = v_count, detail = format('%s owners told', v_told), changed_at = v_now
    where i.run_id = p_run and i.position = p_item;
end;
$$;
revoke execute on function aias_private.retire_workflows(uuid, integer) from public;
grant execute on function aias_private.retire_workflows(uuid, integer) to aias_worker, aias_admin;
comment on function aias_private.retire_workflows(uuid, integer) is
'Tells the owners of workflows that nobody runs, and takes those out of use whose owners were told a fortnight ago.';
