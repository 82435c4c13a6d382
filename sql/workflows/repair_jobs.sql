-- aias_private.repair_jobs: make the engine's jobs again from the ledger of executions.
--
-- Caller    `aias db check --repair`, and whoever lost the job table.
-- Promise   afterwards every live execution that needs one has exactly the job that it names, and no job of ours is left whose
--           execution does not name it. A worker that still holds a repaired execution is fenced by the next claim.
-- Locks     executions one by one, in id order.
-- requires: aias_private.job_state
-- requires: aias_private.jobs_of_task
-- requires: aias_private.delete_waiting_job
-- requires: aias_private.insert_execution_job
-- requires: aias_private.add_execution_event
-- requires: aias_private.record_audit
create or replace function aias_private.repair_jobs()
returns table (
    execution_id uuid,
    job_id bigint,
    action text
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_execution record;
    v_job record;
begin
    for v_execution in
        select e.tenant_id, e.id, e.workflow_id, e.status, e.lane, e.run_at, e.wait_until, e.wait_reason, e.job_id
        from aias_private.executions as e
        where
            e.status in ('queued', 'running')
            or (e.status = 'waiting' and (e.wait_until is not null or e.job_id is not null))
        order by e.id
        for update
    loop
        if exists (
            select from aias_private.job_state(v_execution.job_id) as j where j.status in ('todo', 'doing')
        ) then
            continue;
        end if;
        execution_id := v_execution.id;
        job_id := aias_private.insert_execution_job(
            v_execution.tenant_id,
            v_execution.id,
            v_execution.workflow_id,
            case when v_execution.wait_reason = 'retry' then 'retry' else v_execution.lane end,
            case v_execution.status
                when 'waiting' then v_execution.wait_until
                when 'queued' then v_execution.run_at
            end
        );
        action := 'made again';
        update aias_private.executions as e
        set job_id = repair_jobs.job_id
        where e.tenant_id = v_execution.tenant_id and e.id = v_execution.id;
        perform aias_private.add_execution_event(
            v_execution.tenant_id, v_execution.id, 'repaired', null, null, null,
            jsonb_strip_nulls(jsonb_build_object('job_id', job_id, 'lost_job_id', v_execution.job_id))
        );
        return next;
    end loop;
    for v_job in
        select j.job_id, j.args from aias_private.jobs_of_task('aias.advance_execution') as j
    loop
        perform from aias_private.executions as e
        where
            e.tenant_id::text = v_job.args ->> 'tenant_id'
            and e.id::text = v_job.args ->> 'execution_id'
            and e.job_id = v_job.job_id;
        if not found and aias_private.delete_waiting_job(v_job.job_id) then
            execution_id := (v_job.args ->> 'execution_id')::uuid;
            job_id := v_job.job_id;
            action := 'removed';
            return next;
        end if;
    end loop;
end;
$$;
revoke execute on function aias_private.repair_jobs() from public;
comment on function aias_private.repair_jobs() is
'Makes the engine''s jobs again from the ledger of executions, and says which.';
