-- What the files make of a database, object by object. Written by bin/dump-schema on PostgreSQL 18.
-- Functions without their bodies: those stand in sql/. Of the engine's objects only what differs from procrastinate's
-- own schema.

create schema aias;
comment on schema aias is 'The public interface of AIAS: functions and views with stable names. Columns are only ever appended.';
grant usage on schema aias to aias_admin;
grant usage on schema aias to aias_analyst;
grant usage on schema aias to aias_app;
grant usage on schema aias to aias_worker;

create schema aias_archive;
comment on schema aias_archive is 'Data that retention moved out of the live tables.';

create schema aias_private;
comment on schema aias_private is 'Tables, triggers and helpers of AIAS. Not an interface: may change in any release.';
grant usage on schema aias_private to aias_admin;
grant usage on schema aias_private to aias_worker;

CREATE OR REPLACE FUNCTION aias.apply_workflow(p_tenant text, p_definition jsonb)
 RETURNS TABLE(workflow_id uuid, version integer, is_changed boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.apply_workflow(p_tenant text, p_definition jsonb) is 'Stores a definition as the newest version of the workflow that it names; the same again changes nothing.';
grant execute on function aias.apply_workflow(p_tenant text, p_definition jsonb) to aias_admin;
grant execute on function aias.apply_workflow(p_tenant text, p_definition jsonb) to aias_app;

CREATE OR REPLACE FUNCTION aias.approve_step(p_execution uuid, p_step text, p_approved boolean, p_by text, p_comment text DEFAULT NULL::text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.approve_step(p_execution uuid, p_step text, p_approved boolean, p_by text, p_comment text) is 'Answers a step that waits for a person: it succeeds, is called again, or fails.';
grant execute on function aias.approve_step(p_execution uuid, p_step text, p_approved boolean, p_by text, p_comment text) to aias_admin;
grant execute on function aias.approve_step(p_execution uuid, p_step text, p_approved boolean, p_by text, p_comment text) to aias_app;

create view aias.audit_log with (security_barrier=true) as
 SELECT id,
    NULLIF(tenant_id, aias_private.nil_uuid()) AS tenant_id,
    at,
    actor,
    actor_kind,
    action,
    object_kind,
    object_id,
    detail
   FROM aias_private.audit_log a
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.audit_log is 'Every action of a user, an administrator, an application or a trigger. Fresh.';
comment on column aias.audit_log.id is 'The row''s id (UUIDv7): ordering by it is ordering by time.';
comment on column aias.audit_log.tenant_id is 'The tenant that the action concerned; null for the system itself.';
comment on column aias.audit_log.at is 'When it was done.';
comment on column aias.audit_log.actor is 'Who did it: the setting aias.actor of the application, else the database role.';
comment on column aias.audit_log.actor_kind is 'What the actor is: user, administrator, application, trigger, worker or system.';
comment on column aias.audit_log.action is 'What was done, as object.verb: execution.started, workflow.applied, ...';
comment on column aias.audit_log.object_kind is 'What kind of thing it was done to.';
comment on column aias.audit_log.object_id is 'Which one.';
comment on column aias.audit_log.detail is 'The particulars, as a JSON object.';
grant select on table aias.audit_log to aias_admin;
grant select on table aias.audit_log to aias_analyst;
grant select on table aias.audit_log to aias_app;
grant select on table aias.audit_log to aias_worker;

CREATE OR REPLACE FUNCTION aias.cancel_execution(p_execution uuid, p_reason text DEFAULT NULL::text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.cancel_execution(p_execution uuid, p_reason text) is 'Cancels an execution and those that it started; false when it was cancelled before.';
grant execute on function aias.cancel_execution(p_execution uuid, p_reason text) to aias_admin;
grant execute on function aias.cancel_execution(p_execution uuid, p_reason text) to aias_app;

CREATE OR REPLACE FUNCTION aias.cancel_job(p_job bigint)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias.cancel_job(p_job bigint) is 'Cancels a waiting job, asks a running one to stop, and says which: cancelled or stopping.';
grant execute on function aias.cancel_job(p_job bigint) to aias_admin;
grant execute on function aias.cancel_job(p_job bigint) to aias_app;
grant execute on function aias.cancel_job(p_job bigint) to aias_worker;

CREATE OR REPLACE FUNCTION aias.connect_integration(p_tenant text, p_kind text, p_name text, p_config jsonb, p_secret bytea, p_key_id text, p_integration uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.connect_integration(p_tenant text, p_kind text, p_name text, p_config jsonb, p_secret bytea, p_key_id text, p_integration uuid) is 'Connects a tenant to another service, or renews a connection''s settings and sealed credentials. Returns its id.';
grant execute on function aias.connect_integration(p_tenant text, p_kind text, p_name text, p_config jsonb, p_secret bytea, p_key_id text, p_integration uuid) to aias_admin;
grant execute on function aias.connect_integration(p_tenant text, p_kind text, p_name text, p_config jsonb, p_secret bytea, p_key_id text, p_integration uuid) to aias_app;

CREATE OR REPLACE FUNCTION aias.create_tenant(p_slug text, p_plan text DEFAULT 'free'::text, p_name text DEFAULT NULL::text, p_industry text DEFAULT NULL::text)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.create_tenant(p_slug text, p_plan text, p_name text, p_industry text) is 'Makes a tenant and returns its id. Slugs are unique; administrators only.';
grant execute on function aias.create_tenant(p_slug text, p_plan text, p_name text, p_industry text) to aias_admin;

CREATE OR REPLACE FUNCTION aias.create_user(p_tenant text, p_email text, p_name text, p_role text)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.create_user(p_tenant text, p_email text, p_name text, p_role text) is 'Adds a person to a tenant and returns the id.';
grant execute on function aias.create_user(p_tenant text, p_email text, p_name text, p_role text) to aias_admin;
grant execute on function aias.create_user(p_tenant text, p_email text, p_name text, p_role text) to aias_app;

create view aias.dead_letters with (security_barrier=true) as
 SELECT NULLIF(tenant_id, aias_private.nil_uuid()) AS tenant_id,
    id,
    kind,
    execution_id,
    job_id,
    reason,
    error,
    snapshot,
    created_at,
    resolution,
    resolved_at,
    resolved_by,
    resolved_reason
   FROM aias_private.dead_letters d
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.dead_letters is 'Executions and jobs that gave up, kept whole. Open ones have no resolution. Fresh.';
comment on column aias.dead_letters.tenant_id is 'The tenant that it ran for; null for a job of no tenant.';
comment on column aias.dead_letters.id is 'The dead letter''s id (UUIDv7), for requeue_dead_letter and discard_dead_letter.';
comment on column aias.dead_letters.kind is 'execution or job.';
comment on column aias.dead_letters.execution_id is 'The execution that failed.';
comment on column aias.dead_letters.job_id is 'The job that failed.';
comment on column aias.dead_letters.reason is 'Why it gave up, in a line.';
comment on column aias.dead_letters.error is 'The last error: {"type", "message", "detail"}.';
comment on column aias.dead_letters.snapshot is 'The whole of it: the execution with its steps, or the job''s row.';
comment on column aias.dead_letters.created_at is 'When it gave up.';
comment on column aias.dead_letters.resolution is 'requeued or discarded; null while it is open.';
comment on column aias.dead_letters.resolved_at is 'When it was resolved.';
comment on column aias.dead_letters.resolved_by is 'Who resolved it.';
comment on column aias.dead_letters.resolved_reason is 'The reason given when it was discarded.';
grant select on table aias.dead_letters to aias_admin;
grant select on table aias.dead_letters to aias_analyst;
grant select on table aias.dead_letters to aias_app;
grant select on table aias.dead_letters to aias_worker;

CREATE OR REPLACE FUNCTION aias.delete_workflow(p_tenant text, p_workflow text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.delete_workflow(p_tenant text, p_workflow text) is 'Takes a workflow out of use; refused while executions of it are not final. Its history stays.';
grant execute on function aias.delete_workflow(p_tenant text, p_workflow text) to aias_admin;
grant execute on function aias.delete_workflow(p_tenant text, p_workflow text) to aias_app;

CREATE OR REPLACE FUNCTION aias.discard_dead_letter(p_dead_letter uuid, p_reason text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.discard_dead_letter(p_dead_letter uuid, p_reason text) is 'Settles a dead letter without trying again; it stays on record.';
grant execute on function aias.discard_dead_letter(p_dead_letter uuid, p_reason text) to aias_admin;
grant execute on function aias.discard_dead_letter(p_dead_letter uuid, p_reason text) to aias_app;

CREATE OR REPLACE FUNCTION aias.disconnect_integration(p_tenant text, p_kind text, p_name text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.disconnect_integration(p_tenant text, p_kind text, p_name text) is 'Forgets a connection and its credentials; steps that need it fail from then on.';
grant execute on function aias.disconnect_integration(p_tenant text, p_kind text, p_name text) to aias_admin;
grant execute on function aias.disconnect_integration(p_tenant text, p_kind text, p_name text) to aias_app;

CREATE OR REPLACE FUNCTION aias.enqueue_job(p_task text, p_args jsonb DEFAULT '{}'::jsonb, p_tenant text DEFAULT NULL::text, p_lane text DEFAULT NULL::text, p_run_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_idempotency_key text DEFAULT NULL::text)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET "aias.engine_events" TO 'off';
comment on function aias.enqueue_job(p_task text, p_args jsonb, p_tenant text, p_lane text, p_run_at timestamp with time zone, p_idempotency_key text) is 'Enqueues a job of a task in the caller''s transaction and returns its id; an idempotency key makes it repeatable.';
grant execute on function aias.enqueue_job(p_task text, p_args jsonb, p_tenant text, p_lane text, p_run_at timestamp with time zone, p_idempotency_key text) to aias_admin;
grant execute on function aias.enqueue_job(p_task text, p_args jsonb, p_tenant text, p_lane text, p_run_at timestamp with time zone, p_idempotency_key text) to aias_app;
grant execute on function aias.enqueue_job(p_task text, p_args jsonb, p_tenant text, p_lane text, p_run_at timestamp with time zone, p_idempotency_key text) to aias_worker;

CREATE OR REPLACE FUNCTION aias.enqueue_jobs(p_jobs jsonb)
 RETURNS TABLE(place integer, job_id bigint, error_code text, error_message text, error_argument text, error_detail text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET "aias.engine_events" TO 'off';
comment on function aias.enqueue_jobs(p_jobs jsonb) is 'Enqueues many jobs in the caller''s transaction and gives, in order, the id of each or why it was refused.';
grant execute on function aias.enqueue_jobs(p_jobs jsonb) to aias_admin;
grant execute on function aias.enqueue_jobs(p_jobs jsonb) to aias_app;
grant execute on function aias.enqueue_jobs(p_jobs jsonb) to aias_worker;

create view aias.execution_events with (security_barrier=true) as
 SELECT tenant_id,
    execution_id,
    id,
    at,
    type,
    step_id AS step,
    NULLIF(item, '-1'::integer) AS item,
    attempt,
    detail
   FROM aias_private.execution_events v
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.execution_events is 'What happened to the executions beside their plain course: failures, rescues, interventions. Fresh.';
comment on column aias.execution_events.tenant_id is 'The tenant that the execution runs for.';
comment on column aias.execution_events.execution_id is 'The execution (aias.executions.id).';
comment on column aias.execution_events.id is 'The event''s id (UUIDv7): ordering by it is ordering by time.';
comment on column aias.execution_events.at is 'When it happened.';
comment on column aias.execution_events.type is 'rescued, released, step_retry_scheduled, step_failed, step_in_doubt, cancelled, retried, replayed, failed, ...';
comment on column aias.execution_events.step is 'The step that it happened to, where it did to one.';
comment on column aias.execution_events.item is 'The item of a fan-out that it happened to, from 0.';
comment on column aias.execution_events.attempt is 'The attempt of the step, or of the execution where there is no step.';
comment on column aias.execution_events.detail is 'The particulars, as a JSON object.';
grant select on table aias.execution_events to aias_admin;
grant select on table aias.execution_events to aias_analyst;
grant select on table aias.execution_events to aias_app;
grant select on table aias.execution_events to aias_worker;

create view aias.execution_steps with (security_barrier=true) as
 SELECT tenant_id,
    execution_id,
    id AS step,
    NULLIF(item, '-1'::integer) AS item,
    action,
    effect,
    status,
    attempt_count,
    output,
    error,
    wait_kind,
    wait_until,
    wait_detail,
    child_execution_id,
    started_at,
    finished_at,
    (finished_at - started_at) AS duration
   FROM aias_private.steps s
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.execution_steps is 'The checkpoints: one row per step that has begun, and one per item of a fan-out. Fresh.';
comment on column aias.execution_steps.tenant_id is 'The tenant that the execution runs for.';
comment on column aias.execution_steps.execution_id is 'The execution (aias.executions.id).';
comment on column aias.execution_steps.step is 'The step''s id in the definition.';
comment on column aias.execution_steps.item is 'The item of a fan-out, from 0; null for the step itself.';
comment on column aias.execution_steps.action is 'The action that it calls.';
comment on column aias.execution_steps.effect is 'none, idempotent or at_most_once: what may be repeated after a crash.';
comment on column aias.execution_steps.status is 'running, waiting, succeeded, failed, skipped, cancelled, or in_doubt: its call was under way when the execution ended.';
comment on column aias.execution_steps.attempt_count is 'How often it was called.';
comment on column aias.execution_steps.output is 'What it came to.';
comment on column aias.execution_steps.error is 'Why its latest attempt failed: {"type", "message", "detail"}.';
comment on column aias.execution_steps.wait_kind is 'What it waits for: retry, sleep, event, approval or execution.';
comment on column aias.execution_steps.wait_until is 'When the wait ends by itself; null when it has no end.';
comment on column aias.execution_steps.wait_detail is 'The particulars of the wait: a signal''s name, a message to a person.';
comment on column aias.execution_steps.child_execution_id is 'The execution that it started and waits for.';
comment on column aias.execution_steps.started_at is 'When its latest attempt began.';
comment on column aias.execution_steps.finished_at is 'When it was done.';
comment on column aias.execution_steps.duration is 'From the start of its latest attempt to its end.';
grant select on table aias.execution_steps to aias_admin;
grant select on table aias.execution_steps to aias_analyst;
grant select on table aias.execution_steps to aias_app;
grant select on table aias.execution_steps to aias_worker;

create view aias.executions with (security_barrier=true) as
 SELECT e.tenant_id,
    t.slug AS tenant,
    e.id,
    w.name AS workflow,
    e.version,
    e.status,
    e.lane,
    e.input,
    e.output,
    e.error,
    e.attempt,
    e.crash_count,
    e.job_id,
    e.worker_id,
    e.run_at,
    e.wait_reason,
    e.wait_until,
    e.idempotency_key,
    e.parent_execution_id,
    e.replayed_from_id,
    e.trace_parent,
    e.cancel_reason,
    e.created_at,
    e.started_at,
    e.finished_at,
    (e.finished_at - e.started_at) AS duration
   FROM ((aias_private.executions e
     JOIN aias_private.tenants t ON ((e.tenant_id = t.id)))
     JOIN aias_private.workflows w ON (((e.tenant_id = w.tenant_id) AND (e.workflow_id = w.id))))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (e.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.executions is 'The runs of the workflows. Fresh; kept as long as retention says.';
comment on column aias.executions.tenant_id is 'The tenant that it runs for.';
comment on column aias.executions.tenant is 'The tenant''s slug.';
comment on column aias.executions.id is 'The execution''s id (UUIDv7): ordering by it is ordering by start call.';
comment on column aias.executions.workflow is 'The workflow''s name.';
comment on column aias.executions.version is 'The version that it runs, whatever is applied meanwhile.';
comment on column aias.executions.status is 'queued, running, waiting, succeeded, failed or cancelled; the last three are final.';
comment on column aias.executions.lane is 'The lane that it runs in; retries run in the lane retry.';
comment on column aias.executions.input is 'The input it was started with.';
comment on column aias.executions.output is 'What it came to, when succeeded: the definition''s output.';
comment on column aias.executions.error is 'Why it failed: {"type", "message", "detail"}.';
comment on column aias.executions.attempt is 'The fencing token: how often it was claimed, released or cancelled.';
comment on column aias.executions.crash_count is 'How often the worker that ran it died; five times end it.';
comment on column aias.executions.job_id is 'The job that advances it next or now; null when final or when it waits without an end.';
comment on column aias.executions.worker_id is 'The worker that runs it (aias.workers.id); null when none does.';
comment on column aias.executions.run_at is 'The time that it was asked to start at; null is at once.';
comment on column aias.executions.wait_reason is 'What a waiting one waits for first: retry, sleep, event, approval or execution.';
comment on column aias.executions.wait_until is 'When that wait ends by itself; null when it has no end.';
comment on column aias.executions.idempotency_key is 'The key that it was started with; unique per tenant and workflow.';
comment on column aias.executions.parent_execution_id is 'The execution whose step started it and waits for it.';
comment on column aias.executions.replayed_from_id is 'The execution that it is a replay of.';
comment on column aias.executions.trace_parent is 'The W3C trace context that it belongs to.';
comment on column aias.executions.cancel_reason is 'The reason given when it was cancelled.';
comment on column aias.executions.created_at is 'When it was asked for.';
comment on column aias.executions.started_at is 'When a worker first took it.';
comment on column aias.executions.finished_at is 'When it became final.';
comment on column aias.executions.duration is 'From its first start to its end, waits included.';
grant select on table aias.executions to aias_admin;
grant select on table aias.executions to aias_analyst;
grant select on table aias.executions to aias_app;
grant select on table aias.executions to aias_worker;

CREATE OR REPLACE FUNCTION aias.explain_execution(p_execution uuid)
 RETURNS TABLE(reason text, detail text, until timestamp with time zone)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.explain_execution(p_execution uuid) is 'Why an execution does not run now and until when, or that it runs or has ended.';
grant execute on function aias.explain_execution(p_execution uuid) to aias_admin;
grant execute on function aias.explain_execution(p_execution uuid) to aias_app;
grant execute on function aias.explain_execution(p_execution uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias.explain_job(p_job bigint)
 RETURNS TABLE(reason text, detail text, until timestamp with time zone)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias.explain_job(p_job bigint) is 'Why a job does not run now and until when, or that it runs or has ended.';
grant execute on function aias.explain_job(p_job bigint) to aias_admin;
grant execute on function aias.explain_job(p_job bigint) to aias_app;
grant execute on function aias.explain_job(p_job bigint) to aias_worker;

create view aias.integrations with (security_barrier=true) as
 SELECT tenant_id,
    id,
    kind,
    name,
    status,
    status_reason,
    config,
    key_id,
    created_at,
    connected_at
   FROM aias_private.integrations i
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.integrations is 'The connections of the tenants to other services. Credentials are not in it. Fresh.';
comment on column aias.integrations.tenant_id is 'The tenant that the connection belongs to.';
comment on column aias.integrations.id is 'The connection''s id (UUIDv7); the same after it is connected again.';
comment on column aias.integrations.kind is 'What it connects to: shopify, wave, slack, email or http.';
comment on column aias.integrations.name is 'Its name, by which a step''s connection names it; unique per tenant and kind.';
comment on column aias.integrations.status is 'connected; failing: the last check found it broken; revoked: the credentials were refused.';
comment on column aias.integrations.status_reason is 'Why it is not connected; null while it is.';
comment on column aias.integrations.config is 'Where and how it connects, as a JSON object without secrets.';
comment on column aias.integrations.key_id is 'Which master key sealed its credentials.';
comment on column aias.integrations.created_at is 'When it was first connected.';
comment on column aias.integrations.connected_at is 'When its credentials were last given.';
grant select on table aias.integrations to aias_admin;
grant select on table aias.integrations to aias_analyst;
grant select on table aias.integrations to aias_app;
grant select on table aias.integrations to aias_worker;

create view aias.jobs with (security_barrier=true) as
 SELECT j.tenant_id,
    t.slug AS tenant,
    j.id,
    (j.task_name)::text AS task,
    COALESCE(l.name, (j.queue_name)::text) AS lane,
    (j.queue_name)::text AS queue_name,
        CASE j.status
            WHEN 'todo'::public.procrastinate_job_status THEN
            CASE
                WHEN (j.scheduled_at > aias_private.now()) THEN 'scheduled'::text
                ELSE 'waiting'::text
            END
            WHEN 'doing'::public.procrastinate_job_status THEN
            CASE
                WHEN j.abort_requested THEN 'stopping'::text
                ELSE 'running'::text
            END
            ELSE (j.status)::text
        END AS status,
    j.priority,
    j.scheduled_at AS run_at,
    j.args,
    j.attempts AS attempt_count,
    j.rescue_count,
    j.lock,
    j.queueing_lock,
    j.worker_id,
    j.last_error,
    j.created_at
   FROM ((public.procrastinate_jobs j
     LEFT JOIN aias_private.tenants t ON ((j.tenant_id = t.id)))
     LEFT JOIN aias_private.lanes l ON (((j.queue_name)::text = l.queue_name)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (j.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.jobs is 'The queue: jobs that wait, run or have failed. Succeeded jobs are deleted. Fresh.';
comment on column aias.jobs.tenant_id is 'The tenant that it runs for; null for the system''s own.';
comment on column aias.jobs.tenant is 'The tenant''s slug.';
comment on column aias.jobs.id is 'The job''s id, for explain_job, cancel_job and retry_job.';
comment on column aias.jobs.task is 'The name of the task that it runs.';
comment on column aias.jobs.lane is 'Its lane; the queue''s name when no lane has that queue.';
comment on column aias.jobs.queue_name is 'Its queue, as workers name it.';
comment on column aias.jobs.status is 'waiting, scheduled (its time has not come), running, stopping (running, asked to stop), failed, aborted, cancelled or succeeded.';
comment on column aias.jobs.priority is 'Higher goes first.';
comment on column aias.jobs.run_at is 'When it falls due; null is at once.';
comment on column aias.jobs.args is 'The task''s arguments.';
comment on column aias.jobs.attempt_count is 'How many attempts are behind it, lost ones included.';
comment on column aias.jobs.rescue_count is 'How often a worker died with it; five times send it to the dead letters.';
comment on column aias.jobs.lock is 'Of jobs with the same lock one runs at a time.';
comment on column aias.jobs.queueing_lock is 'Of jobs with the same queueing lock one waits at a time.';
comment on column aias.jobs.worker_id is 'The worker that runs it (aias.workers.id).';
comment on column aias.jobs.last_error is 'Why the last attempt failed: {"type", "message", ...}.';
comment on column aias.jobs.created_at is 'When it was enqueued.';
grant select on table aias.jobs to aias_admin;
grant select on table aias.jobs to aias_analyst;
grant select on table aias.jobs to aias_app;
grant select on table aias.jobs to aias_worker;

create view aias.lanes as
 SELECT name,
    queue_name,
    base_priority,
    weight,
    description
   FROM aias_private.lanes l;
comment on view aias.lanes is 'The lanes: named classes of service, highest priority first when ordered so. Fresh.';
comment on column aias.lanes.name is 'The lane''s name.';
comment on column aias.lanes.queue_name is 'The queue that a worker names to work on the lane (procrastinate worker --queues).';
comment on column aias.lanes.base_priority is 'The priority of the lane''s jobs; higher goes first.';
comment on column aias.lanes.weight is 'The lane''s share when all lanes have work, in proportion to the others'' weights.';
comment on column aias.lanes.description is 'What the lane is for.';
grant select on table aias.lanes to aias_admin;
grant select on table aias.lanes to aias_analyst;
grant select on table aias.lanes to aias_app;
grant select on table aias.lanes to aias_worker;

create view aias.limits with (security_barrier=true) as
 SELECT t.slug AS tenant,
    l.scope,
    l.name,
    l.max_running,
    s.running_count,
    l.rate_count AS rate,
    l.rate_per AS per,
    l.rate_burst AS burst,
    ( SELECT count(*) AS count
           FROM public.procrastinate_jobs j
          WHERE ((j.status = 'todo'::public.procrastinate_job_status) AND (j.parked_for = ANY (ARRAY[('limit:'::text || l.key), ('rate:'::text || l.key)])))) AS parked_count,
    l.set_by,
    l.set_at
   FROM ((aias_private.limits l
     LEFT JOIN aias_private.tenants t ON ((l.tenant_id = t.id)))
     LEFT JOIN LATERAL aias_private.limit_state(l.key) s(max_running, running_count) ON (true))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (l.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.limits is 'The limits that were set, with what runs under each. Plans limit the executions of a tenant beside them. Fresh.';
comment on column aias.limits.tenant is 'The tenant''s slug; null for a key of all tenants.';
comment on column aias.limits.scope is 'tenant, workflow or key.';
comment on column aias.limits.name is 'The tenant, the workflow or the key.';
comment on column aias.limits.max_running is 'How many of its jobs may run at once; null: no such limit of its own.';
comment on column aias.limits.running_count is 'How many run, or are claimed and about to.';
comment on column aias.limits.rate is 'How many may start in the time `per`; null: any number.';
comment on column aias.limits.per is 'The time of the rate.';
comment on column aias.limits.burst is 'How many may start at once when none has for long.';
comment on column aias.limits.parked_count is 'How many jobs were found and wait for it.';
comment on column aias.limits.set_by is 'Who set it.';
comment on column aias.limits.set_at is 'When it was set.';
grant select on table aias.limits to aias_admin;
grant select on table aias.limits to aias_analyst;
grant select on table aias.limits to aias_app;
grant select on table aias.limits to aias_worker;

CREATE OR REPLACE FUNCTION aias.pause(p_scope text, p_name text, p_reason text DEFAULT NULL::text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.pause(p_scope text, p_name text, p_reason text) is 'Starts no more jobs of a lane, a workflow, a tenant or a task; what runs goes on.';
grant execute on function aias.pause(p_scope text, p_name text, p_reason text) to aias_admin;
grant execute on function aias.pause(p_scope text, p_name text, p_reason text) to aias_app;

create view aias.pauses with (security_barrier=true) as
 SELECT t.slug AS tenant,
    p.scope,
    p.name,
    p.reason,
    p.paused_by,
    p.paused_at,
    ( SELECT count(*) AS count
           FROM public.procrastinate_jobs j
          WHERE ((j.status = 'todo'::public.procrastinate_job_status) AND (j.parked_for = ('pause:'::text || p.key)))) AS parked_count
   FROM (aias_private.pauses p
     LEFT JOIN aias_private.tenants t ON ((p.tenant_id = t.id)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (p.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.pauses is 'The lanes, workflows, tenants and tasks whose jobs are not started. Fresh.';
comment on column aias.pauses.tenant is 'The tenant''s slug; null for a lane or a task.';
comment on column aias.pauses.scope is 'lane, workflow, tenant or task.';
comment on column aias.pauses.name is 'The lane, workflow, tenant or task.';
comment on column aias.pauses.reason is 'Why, in the words of whoever paused it.';
comment on column aias.pauses.paused_by is 'Who paused it.';
comment on column aias.pauses.paused_at is 'Since when.';
comment on column aias.pauses.parked_count is 'How many jobs workers have found and laid aside; those not looked at yet are not among them.';
grant select on table aias.pauses to aias_admin;
grant select on table aias.pauses to aias_analyst;
grant select on table aias.pauses to aias_app;
grant select on table aias.pauses to aias_worker;

create view aias.plans as
 SELECT name,
    lane,
    executions_per_month,
    concurrent_executions,
    requests_per_minute,
    workflow_count
   FROM aias_private.plans p;
comment on view aias.plans is 'The plans with their lanes, quotas and limits. Fresh.';
comment on column aias.plans.name is 'The plan''s name.';
comment on column aias.plans.lane is 'The lane of executions of its tenants.';
comment on column aias.plans.executions_per_month is 'How many executions a month are included; null is unlimited.';
comment on column aias.plans.concurrent_executions is 'How many executions of one tenant may run at once.';
comment on column aias.plans.requests_per_minute is 'How many HTTP requests a minute a tenant may make.';
comment on column aias.plans.workflow_count is 'How many workflows a tenant may have; null is unlimited.';
grant select on table aias.plans to aias_admin;
grant select on table aias.plans to aias_analyst;
grant select on table aias.plans to aias_app;
grant select on table aias.plans to aias_worker;

create view aias.queue_health as
 WITH counted AS (
         SELECT (p.queue_name)::text AS queue_name,
            count(*) FILTER (WHERE ((p.status = 'todo'::public.procrastinate_job_status) AND ((p.scheduled_at IS NULL) OR (p.scheduled_at <= aias_private.now())))) AS waiting_count,
            count(*) FILTER (WHERE ((p.status = 'todo'::public.procrastinate_job_status) AND (p.scheduled_at > aias_private.now()))) AS scheduled_count,
            count(*) FILTER (WHERE (p.status = 'doing'::public.procrastinate_job_status)) AS running_count,
            count(*) FILTER (WHERE (p.status = 'failed'::public.procrastinate_job_status)) AS failed_count,
            min(GREATEST(p.scheduled_at, p.created_at)) FILTER (WHERE ((p.status = 'todo'::public.procrastinate_job_status) AND ((p.scheduled_at IS NULL) OR (p.scheduled_at <= aias_private.now())))) AS oldest_ready_at
           FROM public.procrastinate_jobs p
          GROUP BY p.queue_name
        )
 SELECT COALESCE(l.name, j.queue_name) AS lane,
    COALESCE(l.queue_name, j.queue_name) AS queue_name,
    COALESCE(j.waiting_count, (0)::bigint) AS waiting_count,
    COALESCE(j.scheduled_count, (0)::bigint) AS scheduled_count,
    COALESCE(j.running_count, (0)::bigint) AS running_count,
    COALESCE(j.failed_count, (0)::bigint) AS failed_count,
    (aias_private.now() - j.oldest_ready_at) AS oldest_wait,
    ( SELECT count(*) AS count
           FROM (public.procrastinate_workers w
             LEFT JOIN aias_private.workers a ON ((w.id = a.id)))
          WHERE (((w.last_heartbeat + COALESCE(a.stalled_after, '00:00:30'::interval)) > now()) AND (COALESCE(a.status, 'running'::text) = 'running'::text) AND ((a.queues IS NULL) OR (COALESCE(l.queue_name, j.queue_name) = ANY (a.queues))))) AS worker_count
   FROM (aias_private.lanes l
     FULL JOIN counted j ON ((l.queue_name = j.queue_name)));
comment on view aias.queue_health is 'The lanes, and queues without a lane that hold jobs: what waits and who works on it. Fresh; counts the whole queue.';
comment on column aias.queue_health.lane is 'The lane; the queue''s name when no lane has that queue.';
comment on column aias.queue_health.queue_name is 'The queue, as workers name it.';
comment on column aias.queue_health.waiting_count is 'Jobs that could run now.';
comment on column aias.queue_health.scheduled_count is 'Jobs whose time has not come: schedules and retries.';
comment on column aias.queue_health.running_count is 'Jobs that a worker runs.';
comment on column aias.queue_health.failed_count is 'Jobs that failed for good and are still listed.';
comment on column aias.queue_health.oldest_wait is 'How long the oldest of the waiting ones has been ready; null when none is.';
comment on column aias.queue_health.worker_count is 'Living workers that take jobs from it.';
grant select on table aias.queue_health to aias_admin;
grant select on table aias.queue_health to aias_analyst;
grant select on table aias.queue_health to aias_worker;

CREATE OR REPLACE FUNCTION aias.remove_limit(p_scope text, p_name text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.remove_limit(p_scope text, p_name text) is 'Limits a tenant, a workflow or a key no more; a tenant''s plan counts again.';
grant execute on function aias.remove_limit(p_scope text, p_name text) to aias_admin;
grant execute on function aias.remove_limit(p_scope text, p_name text) to aias_app;

CREATE OR REPLACE FUNCTION aias.replay_execution(p_execution uuid, p_from_step text DEFAULT NULL::text, p_input_patch jsonb DEFAULT NULL::jsonb, p_version integer DEFAULT NULL::integer)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.replay_execution(p_execution uuid, p_from_step text, p_input_patch jsonb, p_version integer) is 'Runs a final execution again from a step on, as a new execution, and returns its id.';
grant execute on function aias.replay_execution(p_execution uuid, p_from_step text, p_input_patch jsonb, p_version integer) to aias_admin;
grant execute on function aias.replay_execution(p_execution uuid, p_from_step text, p_input_patch jsonb, p_version integer) to aias_app;

CREATE OR REPLACE FUNCTION aias.replay_where(p_workflow text, p_status text, p_since timestamp with time zone, p_until timestamp with time zone, p_from_step text DEFAULT NULL::text, p_version integer DEFAULT NULL::integer, p_per_minute integer DEFAULT 60)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.replay_where(p_workflow text, p_status text, p_since timestamp with time zone, p_until timestamp with time zone, p_from_step text, p_version integer, p_per_minute integer) is 'Replays the final executions of a workflow in a span of time, at a rate, and returns how many.';
grant execute on function aias.replay_where(p_workflow text, p_status text, p_since timestamp with time zone, p_until timestamp with time zone, p_from_step text, p_version integer, p_per_minute integer) to aias_admin;
grant execute on function aias.replay_where(p_workflow text, p_status text, p_since timestamp with time zone, p_until timestamp with time zone, p_from_step text, p_version integer, p_per_minute integer) to aias_app;

CREATE OR REPLACE FUNCTION aias.requeue_dead_letter(p_dead_letter uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.requeue_dead_letter(p_dead_letter uuid) is 'Tries again what gave up: an execution from its checkpoints, a job afresh.';
grant execute on function aias.requeue_dead_letter(p_dead_letter uuid) to aias_admin;
grant execute on function aias.requeue_dead_letter(p_dead_letter uuid) to aias_app;

CREATE OR REPLACE FUNCTION aias.resume(p_scope text, p_name text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.resume(p_scope text, p_name text) is 'Lets the jobs of a paused lane, workflow, tenant or task start again.';
grant execute on function aias.resume(p_scope text, p_name text) to aias_admin;
grant execute on function aias.resume(p_scope text, p_name text) to aias_app;

CREATE OR REPLACE FUNCTION aias.retry_execution(p_execution uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.retry_execution(p_execution uuid) is 'Lets a failed or cancelled execution go on from its checkpoints; what succeeded is not run again.';
grant execute on function aias.retry_execution(p_execution uuid) to aias_admin;
grant execute on function aias.retry_execution(p_execution uuid) to aias_app;

CREATE OR REPLACE FUNCTION aias.retry_job(p_job bigint)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias.retry_job(p_job bigint) is 'Enqueues an ended job afresh, or brings a waiting one forward, and returns the id of the job that runs.';
grant execute on function aias.retry_job(p_job bigint) to aias_admin;
grant execute on function aias.retry_job(p_job bigint) to aias_app;

CREATE OR REPLACE FUNCTION aias.run_workflow(p_tenant text, p_workflow text, p_input jsonb DEFAULT '{}'::jsonb, p_idempotency_key text DEFAULT NULL::text, p_run_at timestamp with time zone DEFAULT NULL::timestamp with time zone)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.run_workflow(p_tenant text, p_workflow text, p_input jsonb, p_idempotency_key text, p_run_at timestamp with time zone) is 'Starts an execution in the caller''s transaction and returns its id; an idempotency key makes the call repeatable.';
grant execute on function aias.run_workflow(p_tenant text, p_workflow text, p_input jsonb, p_idempotency_key text, p_run_at timestamp with time zone) to aias_admin;
grant execute on function aias.run_workflow(p_tenant text, p_workflow text, p_input jsonb, p_idempotency_key text, p_run_at timestamp with time zone) to aias_app;
grant execute on function aias.run_workflow(p_tenant text, p_workflow text, p_input jsonb, p_idempotency_key text, p_run_at timestamp with time zone) to aias_worker;

CREATE OR REPLACE FUNCTION aias.send_signal(p_execution uuid, p_name text, p_payload jsonb DEFAULT '{}'::jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.send_signal(p_execution uuid, p_name text, p_payload jsonb) is 'Hands an execution a named event; true when a step was waiting for it, else it is kept for the first that does.';
grant execute on function aias.send_signal(p_execution uuid, p_name text, p_payload jsonb) to aias_admin;
grant execute on function aias.send_signal(p_execution uuid, p_name text, p_payload jsonb) to aias_app;
grant execute on function aias.send_signal(p_execution uuid, p_name text, p_payload jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias.set_limit(p_scope text, p_name text, p_max_running integer DEFAULT NULL::integer, p_rate integer DEFAULT NULL::integer, p_per interval DEFAULT NULL::interval, p_burst integer DEFAULT NULL::integer)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.set_limit(p_scope text, p_name text, p_max_running integer, p_rate integer, p_per interval, p_burst integer) is 'Sets how many jobs of a tenant, a workflow or a key may run at once, and how many may start in a time.';
grant execute on function aias.set_limit(p_scope text, p_name text, p_max_running integer, p_rate integer, p_per interval, p_burst integer) to aias_admin;
grant execute on function aias.set_limit(p_scope text, p_name text, p_max_running integer, p_rate integer, p_per interval, p_burst integer) to aias_app;

CREATE OR REPLACE FUNCTION aias.set_plan(p_tenant text, p_plan text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.set_plan(p_tenant text, p_plan text) is 'Moves a tenant to another plan: its next executions run in that plan''s lane and limits.';
grant execute on function aias.set_plan(p_tenant text, p_plan text) to aias_admin;

CREATE OR REPLACE FUNCTION aias.set_workflow_enabled(p_tenant text, p_workflow text, p_is_enabled boolean)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.set_workflow_enabled(p_tenant text, p_workflow text, p_is_enabled boolean) is 'Lets a workflow start new executions, or stops it from doing so.';
grant execute on function aias.set_workflow_enabled(p_tenant text, p_workflow text, p_is_enabled boolean) to aias_admin;
grant execute on function aias.set_workflow_enabled(p_tenant text, p_workflow text, p_is_enabled boolean) to aias_app;

create view aias.tenants with (security_barrier=true) as
 SELECT t.id,
    t.slug,
    t.name,
    t.plan,
    p.lane,
    t.industry,
    t.created_at
   FROM (aias_private.tenants t
     JOIN aias_private.plans p ON ((t.plan = p.name)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (t.id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.tenants is 'The customer accounts. Fresh.';
comment on column aias.tenants.id is 'The tenant''s id (UUIDv7).';
comment on column aias.tenants.slug is 'The short name by which calls name the tenant; unique.';
comment on column aias.tenants.name is 'The name to show.';
comment on column aias.tenants.plan is 'The plan that the tenant is on (aias.plans.name).';
comment on column aias.tenants.lane is 'The lane that the plan gives its executions (aias.lanes.name).';
comment on column aias.tenants.industry is 'The tenant''s industry, where it said so.';
comment on column aias.tenants.created_at is 'When the account was made.';
grant select on table aias.tenants to aias_admin;
grant select on table aias.tenants to aias_analyst;
grant select on table aias.tenants to aias_app;
grant select on table aias.tenants to aias_worker;

create view aias.users with (security_barrier=true) as
 SELECT tenant_id,
    id,
    email,
    name,
    role,
    created_at
   FROM aias_private.users u
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.users is 'The people of the tenants. Fresh.';
comment on column aias.users.tenant_id is 'The tenant that the person belongs to.';
comment on column aias.users.id is 'The person''s id (UUIDv7).';
comment on column aias.users.email is 'The person''s e-mail address; unique in the tenant, whatever its case.';
comment on column aias.users.name is 'The person''s name.';
comment on column aias.users.role is 'What the person may do: owner, member or viewer.';
comment on column aias.users.created_at is 'When the person was added.';
grant select on table aias.users to aias_admin;
grant select on table aias.users to aias_analyst;
grant select on table aias.users to aias_app;
grant select on table aias.users to aias_worker;

create view aias.workers as
 SELECT w.id,
    a.name,
    a.host,
    a.pid,
    a.queues,
    a.concurrency,
    a.version,
        CASE
            WHEN ((w.last_heartbeat + COALESCE(a.stalled_after, '00:00:30'::interval)) < now()) THEN 'dead'::text
            ELSE COALESCE(a.status, 'running'::text)
        END AS status,
    a.running_count,
    a.started_at,
    w.last_heartbeat AS heartbeat_at,
    (w.last_heartbeat + COALESCE(a.stalled_after, '00:00:30'::interval)) AS lease_until
   FROM (public.procrastinate_workers w
     LEFT JOIN aias_private.workers a ON ((w.id = a.id)));
comment on view aias.workers is 'The workers that are registered now. Fresh; what they say of themselves is as old as their heartbeat.';
comment on column aias.workers.id is 'The worker''s id: a new one at each start, and when it comes back after it was given up.';
comment on column aias.workers.name is 'The name it was given (procrastinate worker --name).';
comment on column aias.workers.host is 'The machine it runs on; null for a worker of another program.';
comment on column aias.workers.pid is 'Its process id there.';
comment on column aias.workers.queues is 'The queues it works on; null is all.';
comment on column aias.workers.concurrency is 'How many jobs it runs at a time.';
comment on column aias.workers.version is 'The version of AIAS that it runs.';
comment on column aias.workers.status is 'running, draining (it ends what it has and takes no more) or dead (its lease has ended; the next sweep takes its jobs).';
comment on column aias.workers.running_count is 'How many jobs it ran at its last heartbeat.';
comment on column aias.workers.started_at is 'When it registered.';
comment on column aias.workers.heartbeat_at is 'When it was last heard of.';
comment on column aias.workers.lease_until is 'When others take over its jobs unless it is heard of before.';
grant select on table aias.workers to aias_admin;
grant select on table aias.workers to aias_analyst;
grant select on table aias.workers to aias_app;
grant select on table aias.workers to aias_worker;

create view aias.workflow_versions with (security_barrier=true) as
 SELECT v.tenant_id,
    v.workflow_id,
    w.name AS workflow,
    v.version,
    v.definition,
    v.created_by,
    v.created_at
   FROM (aias_private.workflow_versions v
     JOIN aias_private.workflows w ON (((v.tenant_id = w.tenant_id) AND (v.workflow_id = w.id))))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (v.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.workflow_versions is 'Every version of every workflow; none ever changes. Fresh.';
comment on column aias.workflow_versions.tenant_id is 'The tenant that the workflow belongs to.';
comment on column aias.workflow_versions.workflow_id is 'The workflow (aias.workflows.id).';
comment on column aias.workflow_versions.workflow is 'The workflow''s name.';
comment on column aias.workflow_versions.version is 'The version''s number, from 1.';
comment on column aias.workflow_versions.definition is 'The definition as it was applied.';
comment on column aias.workflow_versions.created_by is 'Who applied it.';
comment on column aias.workflow_versions.created_at is 'When it was applied.';
grant select on table aias.workflow_versions to aias_admin;
grant select on table aias.workflow_versions to aias_analyst;
grant select on table aias.workflow_versions to aias_app;
grant select on table aias.workflow_versions to aias_worker;

create view aias.workflows with (security_barrier=true) as
 SELECT w.tenant_id,
    t.slug AS tenant,
    w.id,
    w.name,
    w.current_version AS version,
    w.is_enabled,
    v.definition,
    v.created_by AS applied_by,
    v.created_at AS applied_at,
    w.created_at,
    w.deleted_at
   FROM ((aias_private.workflows w
     JOIN aias_private.tenants t ON ((w.tenant_id = t.id)))
     JOIN aias_private.workflow_versions v ON (((w.tenant_id = v.tenant_id) AND (w.id = v.workflow_id) AND (w.current_version = v.version))))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (w.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.workflows is 'The workflows with their current versions, deleted ones too. Fresh.';
comment on column aias.workflows.tenant_id is 'The tenant that the workflow belongs to.';
comment on column aias.workflows.tenant is 'The tenant''s slug.';
comment on column aias.workflows.id is 'The workflow''s id (UUIDv7); the same over all versions.';
comment on column aias.workflows.name is 'The name by which calls start it; unique in the tenant among those not deleted.';
comment on column aias.workflows.version is 'The current version, which new executions run.';
comment on column aias.workflows.is_enabled is 'Whether it may start new executions.';
comment on column aias.workflows.definition is 'The current version''s definition.';
comment on column aias.workflows.applied_by is 'Who applied the current version.';
comment on column aias.workflows.applied_at is 'When the current version was applied.';
comment on column aias.workflows.created_at is 'When the first version was applied.';
comment on column aias.workflows.deleted_at is 'When it was deleted; null while it is in use.';
grant select on table aias.workflows to aias_admin;
grant select on table aias.workflows to aias_analyst;
grant select on table aias.workflows to aias_app;
grant select on table aias.workflows to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.abort_job(p_job bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.abort_job(p_job bigint) is 'Deletes a waiting job, asks a running one to stop; false when there is neither.';
grant execute on function aias_private.abort_job(p_job bigint) to aias_admin;
grant execute on function aias_private.abort_job(p_job bigint) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.add_execution_dead_letter(p_tenant uuid, p_execution uuid, p_reason text, p_error jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.add_execution_dead_letter(p_tenant uuid, p_execution uuid, p_reason text, p_error jsonb) is 'Puts a failed execution with its steps among the dead letters.';
grant execute on function aias_private.add_execution_dead_letter(p_tenant uuid, p_execution uuid, p_reason text, p_error jsonb) to aias_admin;
grant execute on function aias_private.add_execution_dead_letter(p_tenant uuid, p_execution uuid, p_reason text, p_error jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.add_execution_event(p_tenant uuid, p_execution uuid, p_type text, p_step text, p_item integer, p_attempt integer, p_detail jsonb)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.add_execution_event(p_tenant uuid, p_execution uuid, p_type text, p_step text, p_item integer, p_attempt integer, p_detail jsonb) is 'Adds a row to an execution''s history.';
grant execute on function aias_private.add_execution_event(p_tenant uuid, p_execution uuid, p_type text, p_step text, p_item integer, p_attempt integer, p_detail jsonb) to aias_admin;
grant execute on function aias_private.add_execution_event(p_tenant uuid, p_execution uuid, p_type text, p_step text, p_item integer, p_attempt integer, p_detail jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.admit_jobs(p_ids bigint[], p_is_waiting boolean)
 RETURNS bigint[]
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.admit_jobs(p_ids bigint[], p_is_waiting boolean) is 'Gives those of some jobs that may start now, and parks those that a pause or a limit keeps from it.';
grant execute on function aias_private.admit_jobs(p_ids bigint[], p_is_waiting boolean) to aias_admin;
grant execute on function aias_private.admit_jobs(p_ids bigint[], p_is_waiting boolean) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.advance_executions(p_calls jsonb)
 RETURNS TABLE(place integer, is_busy boolean, answer jsonb, at timestamp with time zone)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.advance_executions(p_calls jsonb) is 'Makes the calls of several executions in one transaction, each under its own attempt, and gives their answers.';
grant execute on function aias_private.advance_executions(p_calls jsonb) to aias_admin;
grant execute on function aias_private.advance_executions(p_calls jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.answer_parent(p_tenant uuid, p_execution uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.answer_parent(p_tenant uuid, p_execution uuid) is 'Tells the step that waits for an execution how it ended, and wakes it.';
grant execute on function aias_private.answer_parent(p_tenant uuid, p_execution uuid) to aias_admin;
grant execute on function aias_private.answer_parent(p_tenant uuid, p_execution uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.assert_job_visible(p_job bigint)
 RETURNS void
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.assert_job_visible(p_job bigint) is 'Refuses a job that does not exist for the caller.';
grant execute on function aias_private.assert_job_visible(p_job bigint) to aias_admin;
grant execute on function aias_private.assert_job_visible(p_job bigint) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.assert_json_input(p_argument text, p_value jsonb, p_schema jsonb, p_max_bytes integer)
 RETURNS void
 LANGUAGE plpgsql
 PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.assert_json_input(p_argument text, p_value jsonb, p_schema jsonb, p_max_bytes integer) is 'Raises JR422 with every problem when a JSON argument is unfit to be stored or breaks its schema.';
grant execute on function aias_private.assert_json_input(p_argument text, p_value jsonb, p_schema jsonb, p_max_bytes integer) to aias_admin;
grant execute on function aias_private.assert_json_input(p_argument text, p_value jsonb, p_schema jsonb, p_max_bytes integer) to aias_worker;

create table aias_private.audit_log partition by RANGE (id) enable row level security force row level security;
    id uuid default aias_private.uuid7() not null
    tenant_id uuid default '00000000-0000-0000-0000-000000000000'::uuid not null
    at timestamp with time zone default aias_private.now() not null
    actor text not null
    actor_kind text not null
    action text not null
    object_kind text not null
    object_id text not null
    detail jsonb default '{}'::jsonb not null
alter table aias_private.audit_log add constraint actor_kind_is_known CHECK ((actor_kind = ANY (ARRAY['user'::text, 'administrator'::text, 'application'::text, 'trigger'::text, 'worker'::text, 'system'::text])));
alter table aias_private.audit_log add constraint audit_log_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.audit_log add constraint detail_is_an_object CHECK ((jsonb_typeof(detail) = 'object'::text));
CREATE INDEX audit_log_id_idx ON ONLY aias_private.audit_log USING btree (id);
CREATE INDEX audit_log_object_idx ON ONLY aias_private.audit_log USING btree (object_kind, object_id);
CREATE TRIGGER audit_log_is_append_only BEFORE DELETE OR UPDATE ON aias_private.audit_log FOR EACH ROW EXECUTE FUNCTION aias_private.refuse_audit_change();
CREATE TRIGGER audit_log_is_never_truncated BEFORE TRUNCATE ON aias_private.audit_log FOR EACH STATEMENT EXECUTE FUNCTION aias_private.refuse_audit_change();
create policy tenant_isolation on aias_private.audit_log as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.audit_log is 'Every action of a user, an administrator, an application or a trigger. Rows are never changed or removed by hand.';
grant delete, insert, select, update on table aias_private.audit_log to aias_admin;
grant delete, insert, select, update on table aias_private.audit_log to aias_worker;

create table aias_private.audit_log_default partition of aias_private.audit_log default;
CREATE TRIGGER audit_log_is_never_truncated BEFORE TRUNCATE ON aias_private.audit_log_default FOR EACH STATEMENT EXECUTE FUNCTION aias_private.refuse_audit_change();
grant delete, insert, select, update on table aias_private.audit_log_default to aias_admin;
grant delete, insert, select, update on table aias_private.audit_log_default to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.authorize_tenant(p_tenant uuid)
 RETURNS void
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.authorize_tenant(p_tenant uuid) is 'Refuses a caller who is confined to another tenant.';
grant execute on function aias_private.authorize_tenant(p_tenant uuid) to aias_admin;
grant execute on function aias_private.authorize_tenant(p_tenant uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.bury_job(p_job bigint, p_reason text, p_error jsonb, p_is_deleted boolean)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.bury_job(p_job bigint, p_reason text, p_error jsonb, p_is_deleted boolean) is 'Ends a job as failed and keeps it whole among the dead letters.';
grant execute on function aias_private.bury_job(p_job bigint, p_reason text, p_error jsonb, p_is_deleted boolean) to aias_admin;
grant execute on function aias_private.bury_job(p_job bigint, p_reason text, p_error jsonb, p_is_deleted boolean) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.caller_actor()
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.caller_actor() is 'Who acts: the setting aias.actor, else the calling role.';
grant execute on function aias_private.caller_actor() to aias_admin;
grant execute on function aias_private.caller_actor() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.caller_role()
 RETURNS name
 LANGUAGE sql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.caller_role() is 'The role on whose behalf the statement runs, also inside a definer''s function.';
grant execute on function aias_private.caller_role() to aias_admin;
grant execute on function aias_private.caller_role() to aias_analyst;
grant execute on function aias_private.caller_role() to aias_app;
grant execute on function aias_private.caller_role() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.caller_sees_all()
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.caller_sees_all() is 'Whether the caller sees every tenant: administrators, workers, analysts and the owner do, unless mapped to a tenant.';
grant execute on function aias_private.caller_sees_all() to aias_admin;
grant execute on function aias_private.caller_sees_all() to aias_analyst;
grant execute on function aias_private.caller_sees_all() to aias_app;
grant execute on function aias_private.caller_sees_all() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.caller_tenant()
 RETURNS uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.caller_tenant() is 'The tenant that a confined caller is confined to: its role''s, else the setting aias.tenant_id; null means none at all.';
grant execute on function aias_private.caller_tenant() to aias_admin;
grant execute on function aias_private.caller_tenant() to aias_analyst;
grant execute on function aias_private.caller_tenant() to aias_app;
grant execute on function aias_private.caller_tenant() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.cancel_tree(p_tenant uuid, p_execution uuid, p_reason text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.cancel_tree(p_tenant uuid, p_execution uuid, p_reason text) is 'Cancels an execution and the executions that it started.';
grant execute on function aias_private.cancel_tree(p_tenant uuid, p_execution uuid, p_reason text) to aias_admin;
grant execute on function aias_private.cancel_tree(p_tenant uuid, p_execution uuid, p_reason text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.claim_execution(p_tenant uuid, p_execution uuid, p_job bigint, p_worker bigint)
 RETURNS TABLE(attempt integer, tenant_slug text, workflow_name text, version integer, definition jsonb, input jsonb, steps jsonb, depth integer, trace_parent text, created_at timestamp with time zone)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.claim_execution(p_tenant uuid, p_execution uuid, p_job bigint, p_worker bigint) is 'Takes an execution under a new attempt, for the one job that it names.';
grant execute on function aias_private.claim_execution(p_tenant uuid, p_execution uuid, p_job bigint, p_worker bigint) to aias_admin;
grant execute on function aias_private.claim_execution(p_tenant uuid, p_execution uuid, p_job bigint, p_worker bigint) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.claim_jobs(p_queues text[], p_worker bigint, p_limit integer, p_is_thorough boolean)
 RETURNS TABLE(id bigint, queue_name text, task_name text, priority integer, lock text, queueing_lock text, args text, scheduled_at double precision, attempts integer, rescue_count integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET enable_seqscan TO 'off'
 SET "aias.engine_events" TO 'off';
comment on function aias_private.claim_jobs(p_queues text[], p_worker bigint, p_limit integer, p_is_thorough boolean) is 'Hands the next ready jobs of some queues (null: all) to a worker, shared out by the weights of the lanes.';
grant execute on function aias_private.claim_jobs(p_queues text[], p_worker bigint, p_limit integer, p_is_thorough boolean) to aias_admin;
grant execute on function aias_private.claim_jobs(p_queues text[], p_worker bigint, p_limit integer, p_is_thorough boolean) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.claim_reference(p_tenant uuid, p_integration uuid, p_kind text, p_reference text, p_holder text, p_lease interval)
 RETURNS TABLE(is_granted boolean, remote_id text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.claim_reference(p_tenant uuid, p_integration uuid, p_kind text, p_reference text, p_holder text, p_lease interval) is 'Grants one holder at a time the right to make the thing with this reference, and says what was made before.';
grant execute on function aias_private.claim_reference(p_tenant uuid, p_integration uuid, p_kind text, p_reference text, p_holder text, p_lease interval) to aias_admin;
grant execute on function aias_private.claim_reference(p_tenant uuid, p_integration uuid, p_kind text, p_reference text, p_holder text, p_lease interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.close_steps(p_tenant uuid, p_execution uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.close_steps(p_tenant uuid, p_execution uuid) is 'Ends the steps that are open when their execution ends.';
grant execute on function aias_private.close_steps(p_tenant uuid, p_execution uuid) to aias_admin;
grant execute on function aias_private.close_steps(p_tenant uuid, p_execution uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.copy_execution(p_tenant uuid, p_execution uuid, p_from_step text, p_input_patch jsonb, p_version integer, p_run_at timestamp with time zone)
 RETURNS uuid
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.copy_execution(p_tenant uuid, p_execution uuid, p_from_step text, p_input_patch jsonb, p_version integer, p_run_at timestamp with time zone) is 'Starts a new execution from another one''s input and checkpoints.';
grant execute on function aias_private.copy_execution(p_tenant uuid, p_execution uuid, p_from_step text, p_input_patch jsonb, p_version integer, p_run_at timestamp with time zone) to aias_admin;
grant execute on function aias_private.copy_execution(p_tenant uuid, p_execution uuid, p_from_step text, p_input_patch jsonb, p_version integer, p_run_at timestamp with time zone) to aias_worker;

create table aias_private.dead_letters enable row level security force row level security;
    tenant_id uuid default '00000000-0000-0000-0000-000000000000'::uuid not null
    id uuid default aias_private.uuid7() not null
    kind text not null
    execution_id uuid
    job_id bigint
    reason text not null
    error jsonb not null
    snapshot jsonb not null
    created_at timestamp with time zone default aias_private.now() not null
    resolution text
    resolved_at timestamp with time zone
    resolved_by text
    resolved_reason text
alter table aias_private.dead_letters add constraint dead_letters_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.dead_letters add constraint execution_set_for_executions CHECK (((execution_id IS NOT NULL) = (kind = 'execution'::text)));
alter table aias_private.dead_letters add constraint kind_is_known CHECK ((kind = ANY (ARRAY['execution'::text, 'job'::text])));
alter table aias_private.dead_letters add constraint resolution_is_known CHECK ((resolution = ANY (ARRAY['requeued'::text, 'discarded'::text])));
alter table aias_private.dead_letters add constraint resolved_at_set_when_resolved CHECK (((resolved_at IS NOT NULL) = (resolution IS NOT NULL)));
CREATE INDEX dead_letters_execution_idx ON aias_private.dead_letters USING btree (execution_id) WHERE (execution_id IS NOT NULL);
CREATE INDEX dead_letters_id_idx ON aias_private.dead_letters USING btree (id);
CREATE UNIQUE INDEX dead_letters_open_execution_key ON aias_private.dead_letters USING btree (tenant_id, execution_id) WHERE ((execution_id IS NOT NULL) AND (resolution IS NULL));
create policy tenant_isolation on aias_private.dead_letters as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.dead_letters is 'Executions and jobs that gave up. The nil tenant stands for none.';
grant delete, insert, select, update on table aias_private.dead_letters to aias_admin;
grant delete, insert, select, update on table aias_private.dead_letters to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.delete_waiting_job(p_job bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.delete_waiting_job(p_job bigint) is 'Deletes a job that has not started; false when it has.';
grant execute on function aias_private.delete_waiting_job(p_job bigint) to aias_admin;
grant execute on function aias_private.delete_waiting_job(p_job bigint) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.ensure_partitions(p_months_ahead integer)
 RETURNS TABLE(partition_name text, problem text)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.ensure_partitions(p_months_ahead integer) is 'Makes the monthly partitions of every growing table for the months to come, and says what it made.';
grant execute on function aias_private.ensure_partitions(p_months_ahead integer) to aias_admin;
grant execute on function aias_private.ensure_partitions(p_months_ahead integer) to aias_worker;

create table aias_private.execution_events partition by RANGE (execution_id) enable row level security force row level security;
    tenant_id uuid not null
    execution_id uuid not null
    id uuid default aias_private.uuid7() not null
    at timestamp with time zone default aias_private.now() not null
    type text not null
    step_id text
    item integer
    attempt integer
    detail jsonb default '{}'::jsonb not null
alter table aias_private.execution_events add constraint execution_events_pkey PRIMARY KEY (tenant_id, execution_id, id);
alter table aias_private.execution_events add constraint type_is_known CHECK ((type = ANY (ARRAY['rescued'::text, 'released'::text, 'suspended'::text, 'woken'::text, 'step_retry_scheduled'::text, 'step_failed'::text, 'step_in_doubt'::text, 'cancelled'::text, 'retried'::text, 'replayed'::text, 'failed'::text, 'signalled'::text, 'approved'::text, 'rejected'::text, 'fallback_started'::text, 'repaired'::text])));
create policy tenant_isolation on aias_private.execution_events as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.execution_events is 'What happened to an execution beside its plain course: failures, waits, rescues, interventions.';
grant delete, insert, select, update on table aias_private.execution_events to aias_admin;
grant delete, insert, select, update on table aias_private.execution_events to aias_worker;

create table aias_private.execution_events_default partition of aias_private.execution_events default;
grant delete, insert, select, update on table aias_private.execution_events_default to aias_admin;
grant delete, insert, select, update on table aias_private.execution_events_default to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.execution_tenant(p_execution uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.execution_tenant(p_execution uuid) is 'The tenant of an execution that the caller may see.';
grant execute on function aias_private.execution_tenant(p_execution uuid) to aias_admin;
grant execute on function aias_private.execution_tenant(p_execution uuid) to aias_worker;

create table aias_private.executions partition by RANGE (id) enable row level security force row level security;
    tenant_id uuid not null
    id uuid default aias_private.uuid7() not null
    workflow_id uuid not null
    version integer not null
    status text default 'queued'::text not null
    input jsonb not null
    output jsonb
    error jsonb
    lane text not null
    attempt integer default 0 not null
    crash_count integer default 0 not null
    job_id bigint
    worker_id bigint
    is_wake_requested boolean default false not null
    run_at timestamp with time zone
    wait_reason text
    wait_until timestamp with time zone
    idempotency_key text
    parent_execution_id uuid
    parent_step_id text
    parent_item integer
    depth integer default 0 not null
    replayed_from_id uuid
    trace_parent text
    cancel_reason text
    created_at timestamp with time zone default aias_private.now() not null
    started_at timestamp with time zone
    claimed_at timestamp with time zone
    finished_at timestamp with time zone
alter table aias_private.executions add constraint error_set_when_failed CHECK (((status <> 'failed'::text) OR (error IS NOT NULL)));
alter table aias_private.executions add constraint executions_lane_fkey FOREIGN KEY (lane) REFERENCES aias_private.lanes(name);
alter table aias_private.executions add constraint executions_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.executions add constraint executions_version_fkey FOREIGN KEY (tenant_id, workflow_id, version) REFERENCES aias_private.workflow_versions(tenant_id, workflow_id, version) ON DELETE CASCADE;
alter table aias_private.executions add constraint finished_at_set_when_final CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['succeeded'::text, 'failed'::text, 'cancelled'::text]))));
alter table aias_private.executions add constraint input_is_an_object CHECK ((jsonb_typeof(input) = 'object'::text));
alter table aias_private.executions add constraint job_unset_when_final CHECK (((job_id IS NULL) OR (status = ANY (ARRAY['queued'::text, 'running'::text, 'waiting'::text]))));
alter table aias_private.executions add constraint parent_is_whole CHECK ((((parent_execution_id IS NULL) = (parent_step_id IS NULL)) AND ((parent_execution_id IS NULL) = (parent_item IS NULL))));
alter table aias_private.executions add constraint status_is_known CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'waiting'::text, 'succeeded'::text, 'failed'::text, 'cancelled'::text])));
alter table aias_private.executions add constraint wait_reason_set_when_waiting CHECK (((wait_reason IS NOT NULL) = (status = 'waiting'::text)));
CREATE INDEX executions_id_idx ON ONLY aias_private.executions USING btree (id);
CREATE INDEX executions_lane_idx ON ONLY aias_private.executions USING btree (lane);
CREATE INDEX executions_live_idx ON ONLY aias_private.executions USING btree (tenant_id, status, id) WHERE (status = ANY (ARRAY['queued'::text, 'running'::text, 'waiting'::text]));
CREATE INDEX executions_parent_idx ON ONLY aias_private.executions USING btree (tenant_id, parent_execution_id) WHERE (parent_execution_id IS NOT NULL);
CREATE INDEX executions_started_at_idx ON ONLY aias_private.executions USING btree (started_at);
CREATE INDEX executions_version_idx ON ONLY aias_private.executions USING btree (tenant_id, workflow_id, version);
create policy tenant_isolation on aias_private.executions as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.executions is 'One run of one version of a workflow each.';
grant delete, insert, select, update on table aias_private.executions to aias_admin;
grant delete, insert, select, update on table aias_private.executions to aias_worker;

create table aias_private.executions_default partition of aias_private.executions default with (autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=2000, autovacuum_vacuum_cost_delay=0);
grant delete, insert, select, update on table aias_private.executions_default to aias_admin;
grant delete, insert, select, update on table aias_private.executions_default to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.fail_execution(p_tenant uuid, p_execution uuid, p_reason text, p_error jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.fail_execution(p_tenant uuid, p_execution uuid, p_reason text, p_error jsonb) is 'Ends an execution as failed and keeps it among the dead letters.';
grant execute on function aias_private.fail_execution(p_tenant uuid, p_execution uuid, p_reason text, p_error jsonb) to aias_admin;
grant execute on function aias_private.fail_execution(p_tenant uuid, p_execution uuid, p_reason text, p_error jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.find_integration(p_tenant uuid, p_kind text, p_name text)
 RETURNS TABLE(id uuid, name text, config jsonb, secret bytea, key_id text, connected_at timestamp with time zone)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.find_integration(p_tenant uuid, p_kind text, p_name text) is 'The connection that a step names, or the tenant''s only one of the kind, with its sealed secret.';
grant execute on function aias_private.find_integration(p_tenant uuid, p_kind text, p_name text) to aias_admin;
grant execute on function aias_private.find_integration(p_tenant uuid, p_kind text, p_name text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.finish_execution(p_tenant uuid, p_execution uuid, p_attempt integer, p_status text, p_output jsonb, p_error jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.finish_execution(p_tenant uuid, p_execution uuid, p_attempt integer, p_status text, p_output jsonb, p_error jsonb) is 'Ends an execution under the attempt that holds it.';
grant execute on function aias_private.finish_execution(p_tenant uuid, p_execution uuid, p_attempt integer, p_status text, p_output jsonb, p_error jsonb) to aias_admin;
grant execute on function aias_private.finish_execution(p_tenant uuid, p_execution uuid, p_attempt integer, p_status text, p_output jsonb, p_error jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.finish_job(p_job bigint, p_worker bigint, p_attempts integer, p_status text, p_is_deleted boolean, p_error jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.finish_job(p_job bigint, p_worker bigint, p_attempts integer, p_status text, p_is_deleted boolean, p_error jsonb) is 'Writes the end of a job, for the worker that still holds it.';
grant execute on function aias_private.finish_job(p_job bigint, p_worker bigint, p_attempts integer, p_status text, p_is_deleted boolean, p_error jsonb) to aias_admin;
grant execute on function aias_private.finish_job(p_job bigint, p_worker bigint, p_attempts integer, p_status text, p_is_deleted boolean, p_error jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.finish_jobs(p_worker bigint, p_jobs bigint[], p_attempts integer[])
 RETURNS bigint[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET enable_seqscan TO 'off';
comment on function aias_private.finish_jobs(p_worker bigint, p_jobs bigint[], p_attempts integer[]) is 'Deletes jobs that succeeded, for the worker that still holds them, and gives those that it did.';
grant execute on function aias_private.finish_jobs(p_worker bigint, p_jobs bigint[], p_attempts integer[]) to aias_admin;
grant execute on function aias_private.finish_jobs(p_worker bigint, p_jobs bigint[], p_attempts integer[]) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.free_limits(p_tenants uuid[], p_workflows uuid[], p_limit_keys text[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.free_limits(p_tenants uuid[], p_workflows uuid[], p_limit_keys text[]) is 'Lets jobs go that were parked for limits under which others have ended.';
grant execute on function aias_private.free_limits(p_tenants uuid[], p_workflows uuid[], p_limit_keys text[]) to aias_admin;
grant execute on function aias_private.free_limits(p_tenants uuid[], p_workflows uuid[], p_limit_keys text[]) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.has_unloadable_number(p_value jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.has_unloadable_number(p_value jsonb) is 'True when a JSON value contains a number that common JSON readers refuse or make infinite.';
grant execute on function aias_private.has_unloadable_number(p_value jsonb) to aias_admin;
grant execute on function aias_private.has_unloadable_number(p_value jsonb) to aias_worker;

create table aias_private.idempotency_keys enable row level security force row level security;
    tenant_id uuid not null
    scope text not null
    key text not null
    target text not null
    request_hash bytea not null
    created_at timestamp with time zone default aias_private.now() not null
alter table aias_private.idempotency_keys add constraint idempotency_keys_pkey PRIMARY KEY (tenant_id, scope, key);
alter table aias_private.idempotency_keys add constraint idempotency_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
alter table aias_private.idempotency_keys add constraint key_is_short CHECK (((length(key) >= 1) AND (length(key) <= 255)));
create policy tenant_isolation on aias_private.idempotency_keys as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.idempotency_keys is 'Which call a key stands for: the same key answers with the same target.';
grant delete, insert, select, update on table aias_private.idempotency_keys to aias_admin;
grant delete, insert, select, update on table aias_private.idempotency_keys to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.insert_execution_job(p_tenant uuid, p_execution uuid, p_workflow uuid, p_lane text, p_run_at timestamp with time zone)
 RETURNS bigint
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.insert_execution_job(p_tenant uuid, p_execution uuid, p_workflow uuid, p_lane text, p_run_at timestamp with time zone) is 'Enqueues the job that advances an execution, in its lane.';
grant execute on function aias_private.insert_execution_job(p_tenant uuid, p_execution uuid, p_workflow uuid, p_lane text, p_run_at timestamp with time zone) to aias_admin;
grant execute on function aias_private.insert_execution_job(p_tenant uuid, p_execution uuid, p_workflow uuid, p_lane text, p_run_at timestamp with time zone) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.insert_job(p_task text, p_args jsonb, p_queue text, p_priority integer, p_run_at timestamp with time zone, p_lock text, p_workflow uuid, p_limit_key text)
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET "aias.engine_events" TO 'off';
comment on function aias_private.insert_job(p_task text, p_args jsonb, p_queue text, p_priority integer, p_run_at timestamp with time zone, p_lock text, p_workflow uuid, p_limit_key text) is 'Enqueues a job and returns its id.';
grant execute on function aias_private.insert_job(p_task text, p_args jsonb, p_queue text, p_priority integer, p_run_at timestamp with time zone, p_lock text, p_workflow uuid, p_limit_key text) to aias_admin;
grant execute on function aias_private.insert_job(p_task text, p_args jsonb, p_queue text, p_priority integer, p_run_at timestamp with time zone, p_lock text, p_workflow uuid, p_limit_key text) to aias_worker;

create table aias_private.integration_references enable row level security force row level security;
    tenant_id uuid not null
    integration_id uuid not null
    kind text not null
    reference text not null
    remote_id text
    holder text
    held_until timestamp with time zone
    created_at timestamp with time zone default aias_private.now() not null
    noted_at timestamp with time zone
alter table aias_private.integration_references add constraint held_until_set_when_held CHECK (((held_until IS NOT NULL) = (holder IS NOT NULL)));
alter table aias_private.integration_references add constraint integration_references_integration_fkey FOREIGN KEY (tenant_id, integration_id) REFERENCES aias_private.integrations(tenant_id, id) ON DELETE CASCADE;
alter table aias_private.integration_references add constraint integration_references_pkey PRIMARY KEY (tenant_id, integration_id, kind, reference);
alter table aias_private.integration_references add constraint kind_is_a_word CHECK ((kind ~ '^[a-z][a-z0-9_]{0,62}$'::text));
alter table aias_private.integration_references add constraint noted_at_set_when_known CHECK (((noted_at IS NOT NULL) = (remote_id IS NOT NULL)));
alter table aias_private.integration_references add constraint reference_is_short CHECK (((octet_length(reference) >= 1) AND (octet_length(reference) <= 500)));
alter table aias_private.integration_references add constraint remote_id_is_short CHECK (((octet_length(remote_id) >= 1) AND (octet_length(remote_id) <= 500)));
create policy tenant_isolation on aias_private.integration_references as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.integration_references is 'Our reference of each thing made at an upstream, its id there, and who is making it just now.';
grant delete, insert, select, update on table aias_private.integration_references to aias_admin;
grant delete, insert, select, update on table aias_private.integration_references to aias_worker;

create table aias_private.integrations enable row level security force row level security;
    tenant_id uuid not null
    id uuid default aias_private.uuid7() not null
    kind text not null
    name text not null
    config jsonb default '{}'::jsonb not null
    secret bytea not null
    key_id text not null
    status text default 'connected'::text not null
    status_reason text
    created_at timestamp with time zone default aias_private.now() not null
    connected_at timestamp with time zone default aias_private.now() not null
alter table aias_private.integrations add constraint config_is_an_object CHECK ((jsonb_typeof(config) = 'object'::text));
alter table aias_private.integrations add constraint config_is_small CHECK ((octet_length((config)::text) <= 10000));
alter table aias_private.integrations add constraint integrations_kind_name_key UNIQUE (tenant_id, kind, name);
alter table aias_private.integrations add constraint integrations_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.integrations add constraint integrations_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
alter table aias_private.integrations add constraint key_id_is_hex CHECK ((key_id ~ '^[0-9a-f]{16}$'::text));
alter table aias_private.integrations add constraint kind_is_a_word CHECK ((kind ~ '^[a-z][a-z0-9_]{0,62}$'::text));
alter table aias_private.integrations add constraint name_is_a_word CHECK ((name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'::text));
alter table aias_private.integrations add constraint secret_is_sealed CHECK (((octet_length(secret) >= 29) AND (octet_length(secret) <= 100000)));
alter table aias_private.integrations add constraint status_is_known CHECK ((status = ANY (ARRAY['connected'::text, 'failing'::text, 'revoked'::text])));
alter table aias_private.integrations add constraint status_reason_set_when_not_connected CHECK (((status_reason IS NULL) = (status = 'connected'::text)));
create policy tenant_isolation on aias_private.integrations as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.integrations is 'Connections of tenants to other services: where they are, and the sealed credentials.';
grant delete, insert, select, update on table aias_private.integrations to aias_admin;
grant delete, insert, select, update on table aias_private.integrations to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.is_safe_args(p_args jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.is_safe_args(p_args jsonb) is 'True when job arguments are an object of at most 1,000,000 bytes, 64 levels and loadable numbers.';
grant execute on function aias_private.is_safe_args(p_args jsonb) to aias_admin;
grant execute on function aias_private.is_safe_args(p_args jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.job_gate(p_job bigint)
 RETURNS TABLE(reason text, detail text, until timestamp with time zone)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.job_gate(p_job bigint) is 'What keeps a job that is due from being claimed; no row when nothing does.';
grant execute on function aias_private.job_gate(p_job bigint) to aias_admin;
grant execute on function aias_private.job_gate(p_job bigint) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.job_state(p_job bigint)
 RETURNS TABLE(status text, queue_name text, run_at timestamp with time zone, worker_id bigint, worker_heartbeat_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.job_state(p_job bigint) is 'A job''s status, queue, time and worker.';
grant execute on function aias_private.job_state(p_job bigint) to aias_admin;
grant execute on function aias_private.job_state(p_job bigint) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.jobs_of_task(p_task text)
 RETURNS TABLE(job_id bigint, status text, args jsonb, worker_id bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.jobs_of_task(p_task text) is 'Waiting and running jobs of a task.';
grant execute on function aias_private.jobs_of_task(p_task text) to aias_admin;
grant execute on function aias_private.jobs_of_task(p_task text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.jobs_of_worker(p_worker bigint)
 RETURNS TABLE(job_id bigint, attempts integer, abort_requested boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.jobs_of_worker(p_worker bigint) is 'The running jobs of a worker.';
grant execute on function aias_private.jobs_of_worker(p_worker bigint) to aias_admin;
grant execute on function aias_private.jobs_of_worker(p_worker bigint) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_array_problems(p_schema jsonb, p_array jsonb)
 RETURNS jsonb[]
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_array_problems(p_schema jsonb, p_array jsonb) is 'Each keyword of a JSON Schema about an array''s length and uniqueness that it breaks.';
grant execute on function aias_private.json_array_problems(p_schema jsonb, p_array jsonb) to aias_admin;
grant execute on function aias_private.json_array_problems(p_schema jsonb, p_array jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_class_refusal(p_class text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_class_refusal(p_class text) is 'Why a bracket expression of a JSON Schema pattern is refused; null when it is accepted.';
grant execute on function aias_private.json_class_refusal(p_class text) to aias_admin;
grant execute on function aias_private.json_class_refusal(p_class text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_count_problem(p_count integer, p_minimum jsonb, p_maximum jsonb, p_what text)
 RETURNS jsonb[]
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_count_problem(p_count integer, p_minimum jsonb, p_maximum jsonb, p_what text) is 'The problem of a count that is below its minimum or above its maximum; empty when it is neither.';
grant execute on function aias_private.json_count_problem(p_count integer, p_minimum jsonb, p_maximum jsonb, p_what text) to aias_admin;
grant execute on function aias_private.json_count_problem(p_count integer, p_minimum jsonb, p_maximum jsonb, p_what text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_format_matches(p_format text, p_text text)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_format_matches(p_format text, p_text text) is 'True when a text is of one of the formats of JSON Schema that are checked.';
grant execute on function aias_private.json_format_matches(p_format text, p_text text) to aias_admin;
grant execute on function aias_private.json_format_matches(p_format text, p_text text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_input_problems(p_value jsonb, p_max_bytes integer, p_max_depth integer)
 RETURNS TABLE(path text, message text)
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_input_problems(p_value jsonb, p_max_bytes integer, p_max_depth integer) is 'Why a JSON value is unfit to be stored (size, nesting, numbers out of range); no row when it is fit.';
grant execute on function aias_private.json_input_problems(p_value jsonb, p_max_bytes integer, p_max_depth integer) to aias_admin;
grant execute on function aias_private.json_input_problems(p_value jsonb, p_max_bytes integer, p_max_depth integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_keyword_refusal(p_keyword text, p_value jsonb)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_keyword_refusal(p_keyword text, p_value jsonb) is 'Why a keyword of a JSON Schema is refused, as the end of a sentence; null when it is accepted.';
grant execute on function aias_private.json_keyword_refusal(p_keyword text, p_value jsonb) to aias_admin;
grant execute on function aias_private.json_keyword_refusal(p_keyword text, p_value jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_number_problems(p_schema jsonb, p_number numeric)
 RETURNS jsonb[]
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_number_problems(p_schema jsonb, p_number numeric) is 'Each keyword for numbers of a JSON Schema that a number breaks.';
grant execute on function aias_private.json_number_problems(p_schema jsonb, p_number numeric) to aias_admin;
grant execute on function aias_private.json_number_problems(p_schema jsonb, p_number numeric) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_object_problems(p_schema jsonb, p_object jsonb)
 RETURNS jsonb[]
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_object_problems(p_schema jsonb, p_object jsonb) is 'Each keyword of a JSON Schema about an object''s keys (required and the counts) that it breaks.';
grant execute on function aias_private.json_object_problems(p_schema jsonb, p_object jsonb) to aias_admin;
grant execute on function aias_private.json_object_problems(p_schema jsonb, p_object jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_path_step(p_key text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_path_step(p_key text) is 'The step of a JSON path that leads to a key: .name or ["any key"].';
grant execute on function aias_private.json_path_step(p_key text) to aias_admin;
grant execute on function aias_private.json_path_step(p_key text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_pattern_matches(p_pattern text, p_text text)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_pattern_matches(p_pattern text, p_text text) is 'True when a JSON Schema pattern occurs in a text, as ECMA 262 has it.';
grant execute on function aias_private.json_pattern_matches(p_pattern text, p_text text) to aias_admin;
grant execute on function aias_private.json_pattern_matches(p_pattern text, p_text text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_pattern_refusal(p_pattern text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_pattern_refusal(p_pattern text) is 'Why a JSON Schema pattern is refused, as the end of a sentence; null when it is accepted.';
grant execute on function aias_private.json_pattern_refusal(p_pattern text) to aias_admin;
grant execute on function aias_private.json_pattern_refusal(p_pattern text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_pattern_regex(p_pattern text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_pattern_regex(p_pattern text) is 'A JSON Schema pattern, written as the PostgreSQL regular expression that matches the same.';
grant execute on function aias_private.json_pattern_regex(p_pattern text) to aias_admin;
grant execute on function aias_private.json_pattern_regex(p_pattern text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_problems_at(p_step text, p_problems jsonb[])
 RETURNS jsonb[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_problems_at(p_step text, p_problems jsonb[]) is 'The same problems with a step put before each path.';
grant execute on function aias_private.json_problems_at(p_step text, p_problems jsonb[]) to aias_admin;
grant execute on function aias_private.json_problems_at(p_step text, p_problems jsonb[]) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_schema_check(p_root jsonb, p_schema jsonb, p_value jsonb, p_level integer, p_budget integer, p_limit integer, OUT problems jsonb[], OUT budget integer)
 RETURNS record
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_schema_check(p_root jsonb, p_schema jsonb, p_value jsonb, p_level integer, p_budget integer, p_limit integer, OUT problems jsonb[], OUT budget integer) is 'Checks a value against a schema within a budget; gives the problems and what is left of the budget.';
grant execute on function aias_private.json_schema_check(p_root jsonb, p_schema jsonb, p_value jsonb, p_level integer, p_budget integer, p_limit integer, OUT problems jsonb[], OUT budget integer) to aias_admin;
grant execute on function aias_private.json_schema_check(p_root jsonb, p_schema jsonb, p_value jsonb, p_level integer, p_budget integer, p_limit integer, OUT problems jsonb[], OUT budget integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_schema_problems(p_schema jsonb, p_instance jsonb)
 RETURNS TABLE(path text, message text)
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_schema_problems(p_schema jsonb, p_instance jsonb) is 'The problems of a JSON value by its JSON Schema, each with its path; no row when it is valid.';
grant execute on function aias_private.json_schema_problems(p_schema jsonb, p_instance jsonb) to aias_admin;
grant execute on function aias_private.json_schema_problems(p_schema jsonb, p_instance jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_schema_refusals(p_schema jsonb)
 RETURNS TABLE(path text, message text)
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_schema_refusals(p_schema jsonb) is 'Why a JSON Schema is refused, each problem with its path in the schema; no row when it is accepted.';
grant execute on function aias_private.json_schema_refusals(p_schema jsonb) to aias_admin;
grant execute on function aias_private.json_schema_refusals(p_schema jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_string_problems(p_schema jsonb, p_text text)
 RETURNS jsonb[]
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_string_problems(p_schema jsonb, p_text text) is 'Each keyword for strings of a JSON Schema that a text breaks.';
grant execute on function aias_private.json_string_problems(p_schema jsonb, p_text text) to aias_admin;
grant execute on function aias_private.json_string_problems(p_schema jsonb, p_text text) to aias_worker;

create table aias_private.lanes;
    name text not null
    queue_name text not null
    base_priority integer not null
    weight integer not null
    description text not null
alter table aias_private.lanes add constraint lanes_pkey PRIMARY KEY (name);
alter table aias_private.lanes add constraint lanes_queue_name_key UNIQUE (queue_name);
alter table aias_private.lanes add constraint queue_name_fits_a_channel CHECK (((length(queue_name) >= 1) AND (length(queue_name) <= 40)));
alter table aias_private.lanes add constraint weight_is_positive CHECK ((weight > 0));
comment on table aias_private.lanes is 'Named classes of service: one queue, one base priority, one weight each.';
grant delete, insert, select, update on table aias_private.lanes to aias_admin;
grant delete, insert, select, update on table aias_private.lanes to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.limit_state(p_key text)
 RETURNS TABLE(max_running integer, running_count integer)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.limit_state(p_key text) is 'How many jobs may run under a key, and how many do.';
grant execute on function aias_private.limit_state(p_key text) to aias_admin;
grant execute on function aias_private.limit_state(p_key text) to aias_analyst;
grant execute on function aias_private.limit_state(p_key text) to aias_app;
grant execute on function aias_private.limit_state(p_key text) to aias_worker;

create table aias_private.limits enable row level security force row level security;
    tenant_id uuid default '00000000-0000-0000-0000-000000000000'::uuid not null
    scope text not null
    name text not null
    key text not null
    workflow_id uuid
    max_running integer
    rate_count integer
    rate_per interval
    rate_burst integer
    set_by text not null
    set_at timestamp with time zone default aias_private.now() not null
alter table aias_private.limits add constraint limits_pkey PRIMARY KEY (tenant_id, scope, name);
alter table aias_private.limits add constraint max_running_is_not_negative CHECK ((max_running >= 0));
alter table aias_private.limits add constraint rate_is_positive CHECK (((rate_count > 0) AND (rate_per > '00:00:00'::interval) AND (rate_burst > 0)));
alter table aias_private.limits add constraint rate_is_whole CHECK ((((rate_count IS NULL) = (rate_per IS NULL)) AND ((rate_count IS NULL) = (rate_burst IS NULL))));
alter table aias_private.limits add constraint scope_is_known CHECK ((scope = ANY (ARRAY['workflow'::text, 'tenant'::text, 'key'::text])));
alter table aias_private.limits add constraint something_is_limited CHECK (((max_running IS NOT NULL) OR (rate_count IS NOT NULL)));
alter table aias_private.limits add constraint workflow_set_for_a_workflow CHECK (((workflow_id IS NOT NULL) = (scope = 'workflow'::text)));
CREATE UNIQUE INDEX limits_key_idx ON aias_private.limits USING btree (key);
create policy tenant_isolation on aias_private.limits as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ANY (ARRAY[( SELECT aias_private.caller_tenant() AS caller_tenant), '00000000-0000-0000-0000-000000000000'::uuid]))));
comment on table aias_private.limits is 'How many jobs of a tenant, a workflow or a key may run at once, and how many may start in a time.';
grant delete, insert, select, update on table aias_private.limits to aias_admin;
grant delete, insert, select, update on table aias_private.limits to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.limits_of_jobs(p_ids bigint[])
 RETURNS TABLE(job_id bigint, key text, scope text, name text, has_maximum boolean, rate_count integer, rate_per interval, rate_burst integer)
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.limits_of_jobs(p_ids bigint[]) is 'The limits under which jobs fall.';
grant execute on function aias_private.limits_of_jobs(p_ids bigint[]) to aias_admin;
grant execute on function aias_private.limits_of_jobs(p_ids bigint[]) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.lock_execution(p_tenant uuid, p_execution uuid)
 RETURNS aias_private.executions
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.lock_execution(p_tenant uuid, p_execution uuid) is 'Locks an execution''s row, its parent''s before it.';
grant execute on function aias_private.lock_execution(p_tenant uuid, p_execution uuid) to aias_admin;
grant execute on function aias_private.lock_execution(p_tenant uuid, p_execution uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.lock_limit(p_key text, p_is_waiting boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.lock_limit(p_key text, p_is_waiting boolean) is 'Serializes those who let jobs run under a key; false when another is at it.';
grant execute on function aias_private.lock_limit(p_key text, p_is_waiting boolean) to aias_admin;
grant execute on function aias_private.lock_limit(p_key text, p_is_waiting boolean) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.merge_patch(p_target jsonb, p_patch jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.merge_patch(p_target jsonb, p_patch jsonb) is 'Applies a JSON merge patch (RFC 7396).';
grant execute on function aias_private.merge_patch(p_target jsonb, p_patch jsonb) to aias_admin;
grant execute on function aias_private.merge_patch(p_target jsonb, p_patch jsonb) to aias_worker;

create table aias_private.migrations;
    kind text not null
    name text not null
    checksum text not null
    applied_at timestamp with time zone default clock_timestamp() not null
    applied_by text default SESSION_USER not null
alter table aias_private.migrations add constraint kind_is_known CHECK ((kind = ANY (ARRAY['engine'::text, 'migration'::text, 'object'::text])));
alter table aias_private.migrations add constraint migrations_pkey PRIMARY KEY (kind, name);
comment on table aias_private.migrations is 'Every file of SQL that made this schema: engine and migrations once each, objects again when they change.';

CREATE OR REPLACE FUNCTION aias_private.nil_uuid()
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.nil_uuid() is 'The tenant_id of rows that belong to no tenant.';
grant execute on function aias_private.nil_uuid() to aias_admin;
grant execute on function aias_private.nil_uuid() to aias_analyst;
grant execute on function aias_private.nil_uuid() to aias_app;
grant execute on function aias_private.nil_uuid() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.notify_inserted_jobs()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.notify_inserted_jobs() is 'Wakes the workers of the queues that a statement inserted into.';
grant execute on function aias_private.notify_inserted_jobs() to aias_admin;
grant execute on function aias_private.notify_inserted_jobs() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.now()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.now() is 'The time that every rule of AIAS goes by: the start of the transaction.';
grant execute on function aias_private.now() to aias_admin;
grant execute on function aias_private.now() to aias_analyst;
grant execute on function aias_private.now() to aias_app;
grant execute on function aias_private.now() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.park_jobs(p_ids bigint[])
 RETURNS bigint[]
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.park_jobs(p_ids bigint[]) is 'Parks the jobs that a pause keeps from running, and gives the others.';
grant execute on function aias_private.park_jobs(p_ids bigint[]) to aias_admin;
grant execute on function aias_private.park_jobs(p_ids bigint[]) to aias_worker;

create table aias_private.pauses enable row level security force row level security;
    tenant_id uuid default '00000000-0000-0000-0000-000000000000'::uuid not null
    scope text not null
    name text not null
    key text not null
    workflow_id uuid
    reason text
    paused_by text not null
    paused_at timestamp with time zone default aias_private.now() not null
alter table aias_private.pauses add constraint pauses_pkey PRIMARY KEY (tenant_id, scope, name);
alter table aias_private.pauses add constraint scope_is_known CHECK ((scope = ANY (ARRAY['lane'::text, 'workflow'::text, 'tenant'::text, 'task'::text])));
alter table aias_private.pauses add constraint workflow_set_for_a_workflow CHECK (((workflow_id IS NOT NULL) = (scope = 'workflow'::text)));
CREATE UNIQUE INDEX pauses_key_idx ON aias_private.pauses USING btree (key);
create policy tenant_isolation on aias_private.pauses as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ANY (ARRAY[( SELECT aias_private.caller_tenant() AS caller_tenant), '00000000-0000-0000-0000-000000000000'::uuid]))));
comment on table aias_private.pauses is 'Lanes, workflows, tenants and tasks whose jobs are not started.';
grant delete, insert, select, update on table aias_private.pauses to aias_admin;
grant delete, insert, select, update on table aias_private.pauses to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.pauses_of_jobs(p_ids bigint[])
 RETURNS TABLE(job_id bigint, key text, scope text, name text, reason text, paused_by text, paused_at timestamp with time zone)
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.pauses_of_jobs(p_ids bigint[]) is 'The pauses under which jobs fall.';
grant execute on function aias_private.pauses_of_jobs(p_ids bigint[]) to aias_admin;
grant execute on function aias_private.pauses_of_jobs(p_ids bigint[]) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.pick_jobs(p_queue text, p_limit integer, p_is_thorough boolean)
 RETURNS bigint[]
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.pick_jobs(p_queue text, p_limit integer, p_is_thorough boolean) is 'Locks the next ready jobs of one queue, in its order.';
grant execute on function aias_private.pick_jobs(p_queue text, p_limit integer, p_is_thorough boolean) to aias_admin;
grant execute on function aias_private.pick_jobs(p_queue text, p_limit integer, p_is_thorough boolean) to aias_worker;

create table aias_private.plans;
    name text not null
    lane text not null
    executions_per_month bigint
    concurrent_executions integer not null
    requests_per_minute integer not null
    workflow_count integer
alter table aias_private.plans add constraint limits_are_positive CHECK (((COALESCE(executions_per_month, (1)::bigint) > 0) AND (concurrent_executions > 0) AND (requests_per_minute > 0) AND (COALESCE(workflow_count, 1) > 0)));
alter table aias_private.plans add constraint plans_lane_fkey FOREIGN KEY (lane) REFERENCES aias_private.lanes(name);
alter table aias_private.plans add constraint plans_pkey PRIMARY KEY (name);
CREATE INDEX plans_lane_idx ON aias_private.plans USING btree (lane);
comment on table aias_private.plans is 'What a tenant pays for: its lane, quotas and limits. A null quota is unlimited.';
grant delete, insert, select, update on table aias_private.plans to aias_admin;
grant delete, insert, select, update on table aias_private.plans to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.postpone_job(p_job bigint, p_worker bigint, p_attempts integer, p_delay interval, p_priority integer, p_queue text, p_lock text, p_error jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.postpone_job(p_job bigint, p_worker bigint, p_attempts integer, p_delay interval, p_priority integer, p_queue text, p_lock text, p_error jsonb) is 'Schedules the next attempt of a job, for the worker that still holds it.';
grant execute on function aias_private.postpone_job(p_job bigint, p_worker bigint, p_attempts integer, p_delay interval, p_priority integer, p_queue text, p_lock text, p_error jsonb) to aias_admin;
grant execute on function aias_private.postpone_job(p_job bigint, p_worker bigint, p_attempts integer, p_delay interval, p_priority integer, p_queue text, p_lock text, p_error jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.promote_due_jobs(p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.promote_due_jobs(p_limit integer) is 'Lets scheduled jobs whose time has come stand among the ready ones, and says how many.';
grant execute on function aias_private.promote_due_jobs(p_limit integer) to aias_admin;
grant execute on function aias_private.promote_due_jobs(p_limit integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.put_back_job(p_job bigint, p_is_attempt boolean, p_is_rescue boolean, p_delay interval, p_priority integer, p_queue text, p_lock text, p_error jsonb)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.put_back_job(p_job bigint, p_is_attempt boolean, p_is_rescue boolean, p_delay interval, p_priority integer, p_queue text, p_lock text, p_error jsonb) is 'Lets a running job wait again, or ends it aborted when its stop was asked for.';
grant execute on function aias_private.put_back_job(p_job bigint, p_is_attempt boolean, p_is_rescue boolean, p_delay interval, p_priority integer, p_queue text, p_lock text, p_error jsonb) to aias_admin;
grant execute on function aias_private.put_back_job(p_job bigint, p_is_attempt boolean, p_is_rescue boolean, p_delay interval, p_priority integer, p_queue text, p_lock text, p_error jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.quarantine_job(p_job bigint, p_message text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.quarantine_job(p_job bigint, p_message text) is 'Moves a job that no worker can load into the dead letters.';
grant execute on function aias_private.quarantine_job(p_job bigint, p_message text) to aias_admin;
grant execute on function aias_private.quarantine_job(p_job bigint, p_message text) to aias_worker;

create table aias_private.queue_clocks with (fillfactor=10, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=200);
    queue_name text not null
    priority integer not null
    virtual_time double precision default 0 not null
alter table aias_private.queue_clocks add constraint queue_clocks_pkey PRIMARY KEY (queue_name, priority);
comment on table aias_private.queue_clocks is 'How far each queue and priority has come in virtual time; new jobs are stamped no earlier.';
grant delete, insert, select, update on table aias_private.queue_clocks to aias_admin;
grant delete, insert, select, update on table aias_private.queue_clocks to aias_worker;

create table aias_private.rate_states with (fillfactor=10, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=200);
    key text not null
    theoretical_arrival_at timestamp with time zone not null
    promised_until timestamp with time zone
alter table aias_private.rate_states add constraint rate_states_pkey PRIMARY KEY (key);
comment on table aias_private.rate_states is 'How far the starts under each rate have come.';
grant delete, insert, select, update on table aias_private.rate_states to aias_admin;
grant delete, insert, select, update on table aias_private.rate_states to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.ready_queues(p_queues text[], p_is_thorough boolean)
 RETURNS TABLE(name text, weight double precision)
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.ready_queues(p_queues text[], p_is_thorough boolean) is 'The queues that a worker may claim from, with their weights.';
grant execute on function aias_private.ready_queues(p_queues text[], p_is_thorough boolean) to aias_admin;
grant execute on function aias_private.ready_queues(p_queues text[], p_is_thorough boolean) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.record_audit(p_tenant uuid, p_action text, p_object_kind text, p_object_id text, p_detail jsonb)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.record_audit(p_tenant uuid, p_action text, p_object_kind text, p_object_id text, p_detail jsonb) is 'Adds a row to the audit log, in the caller''s transaction.';
grant execute on function aias_private.record_audit(p_tenant uuid, p_action text, p_object_kind text, p_object_id text, p_detail jsonb) to aias_admin;
grant execute on function aias_private.record_audit(p_tenant uuid, p_action text, p_object_kind text, p_object_id text, p_detail jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.record_heartbeat(p_worker bigint, p_status text, p_running_count integer)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.record_heartbeat(p_worker bigint, p_status text, p_running_count integer) is 'Renews a worker''s lease; false when it has lost it.';
grant execute on function aias_private.record_heartbeat(p_worker bigint, p_status text, p_running_count integer) to aias_admin;
grant execute on function aias_private.record_heartbeat(p_worker bigint, p_status text, p_running_count integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.record_steps(p_tenant uuid, p_execution uuid, p_attempt integer, p_changes jsonb)
 RETURNS TABLE(id text, item integer, status text, attempt_count integer, output jsonb, error jsonb, wait_kind text, wait_until timestamp with time zone)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.record_steps(p_tenant uuid, p_execution uuid, p_attempt integer, p_changes jsonb) is 'Writes checkpoints under an attempt, decides on retries, and returns the steps as they are now.';
grant execute on function aias_private.record_steps(p_tenant uuid, p_execution uuid, p_attempt integer, p_changes jsonb) to aias_admin;
grant execute on function aias_private.record_steps(p_tenant uuid, p_execution uuid, p_attempt integer, p_changes jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.refuse_audit_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.refuse_audit_change() is 'Refuses every change of the audit log but an insert.';
grant execute on function aias_private.refuse_audit_change() to aias_admin;
grant execute on function aias_private.refuse_audit_change() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.refuse_version_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.refuse_version_change() is 'Refuses every change of a stored workflow version.';
grant execute on function aias_private.refuse_version_change() to aias_admin;
grant execute on function aias_private.refuse_version_change() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.register_worker(p_name text, p_host text, p_pid integer, p_queues text[], p_concurrency integer, p_version text, p_stalled_after interval)
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.register_worker(p_name text, p_host text, p_pid integer, p_queues text[], p_concurrency integer, p_version text, p_stalled_after interval) is 'Registers a worker and returns its id.';
grant execute on function aias_private.register_worker(p_name text, p_host text, p_pid integer, p_queues text[], p_concurrency integer, p_version text, p_stalled_after interval) to aias_admin;
grant execute on function aias_private.register_worker(p_name text, p_host text, p_pid integer, p_queues text[], p_concurrency integer, p_version text, p_stalled_after interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.release_execution(p_tenant uuid, p_execution uuid, p_attempt integer)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.release_execution(p_tenant uuid, p_execution uuid, p_attempt integer) is 'Gives an execution back to the queue unfinished, when its worker shuts down.';
grant execute on function aias_private.release_execution(p_tenant uuid, p_execution uuid, p_attempt integer) to aias_admin;
grant execute on function aias_private.release_execution(p_tenant uuid, p_execution uuid, p_attempt integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.release_job(p_job bigint, p_worker bigint, p_attempts integer)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.release_job(p_job bigint, p_worker bigint, p_attempts integer) is 'Gives a claimed job back to its queue, uncounted.';
grant execute on function aias_private.release_job(p_job bigint, p_worker bigint, p_attempts integer) to aias_admin;
grant execute on function aias_private.release_job(p_job bigint, p_worker bigint, p_attempts integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.release_jobs(p_worker bigint, p_jobs bigint[], p_attempts integer[])
 RETURNS integer
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.release_jobs(p_worker bigint, p_jobs bigint[], p_attempts integer[]) is 'Gives back jobs that were claimed and not started, and says how many.';
grant execute on function aias_private.release_jobs(p_worker bigint, p_jobs bigint[], p_attempts integer[]) to aias_admin;
grant execute on function aias_private.release_jobs(p_worker bigint, p_jobs bigint[], p_attempts integer[]) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.release_limit(p_key text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.release_limit(p_key text) is 'Lets go what a limit held that has changed.';
grant execute on function aias_private.release_limit(p_key text) to aias_admin;
grant execute on function aias_private.release_limit(p_key text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.reload_execution(p_tenant uuid, p_execution uuid, p_attempt integer)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.reload_execution(p_tenant uuid, p_execution uuid, p_attempt integer) is 'The checkpoints of an execution, for the attempt that holds it.';
grant execute on function aias_private.reload_execution(p_tenant uuid, p_execution uuid, p_attempt integer) to aias_admin;
grant execute on function aias_private.reload_execution(p_tenant uuid, p_execution uuid, p_attempt integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.repair_jobs()
 RETURNS TABLE(execution_id uuid, job_id bigint, action text)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.repair_jobs() is 'Makes the engine''s jobs again from the ledger of executions, and says which.';
grant execute on function aias_private.repair_jobs() to aias_admin;
grant execute on function aias_private.repair_jobs() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.requeue_dead_job(p_tenant uuid, p_dead_letter uuid)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.requeue_dead_job(p_tenant uuid, p_dead_letter uuid) is 'Enqueues a dead job again and returns the new job''s id.';
grant execute on function aias_private.requeue_dead_job(p_tenant uuid, p_dead_letter uuid) to aias_admin;
grant execute on function aias_private.requeue_dead_job(p_tenant uuid, p_dead_letter uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.retry_delay(p_action text, p_override jsonb, p_attempt_count integer, p_retry_after interval)
 RETURNS interval
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.retry_delay(p_action text, p_override jsonb, p_attempt_count integer, p_retry_after interval) is 'How long the next attempt of an action waits: backoff with full jitter, or what the upstream asked for.';
grant execute on function aias_private.retry_delay(p_action text, p_override jsonb, p_attempt_count integer, p_retry_after interval) to aias_admin;
grant execute on function aias_private.retry_delay(p_action text, p_override jsonb, p_attempt_count integer, p_retry_after interval) to aias_worker;

create table aias_private.retry_policies;
    action_pattern text not null
    max_attempts integer not null
    initial interval not null
    factor numeric not null
    max_delay interval not null
alter table aias_private.retry_policies add constraint delays_are_positive CHECK (((initial > '00:00:00'::interval) AND (max_delay >= initial)));
alter table aias_private.retry_policies add constraint factor_does_not_shrink CHECK ((factor >= (1)::numeric));
alter table aias_private.retry_policies add constraint max_attempts_is_bounded CHECK (((max_attempts >= 1) AND (max_attempts <= 100)));
alter table aias_private.retry_policies add constraint pattern_is_a_name_or_a_prefix CHECK ((action_pattern ~ '^(\*|[a-z0-9_.-]+(\.\*)?)$'::text));
alter table aias_private.retry_policies add constraint retry_policies_pkey PRIMARY KEY (action_pattern);
comment on table aias_private.retry_policies is 'How often and how late a failed attempt is repeated: exponential backoff with full jitter, per action.';
grant delete, insert, select, update on table aias_private.retry_policies to aias_admin;
grant delete, insert, select, update on table aias_private.retry_policies to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.scope_key(p_scope text, p_name text, p_scopes text[])
 RETURNS TABLE(tenant_id uuid, workflow_id uuid, name text, key text)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.scope_key(p_scope text, p_name text, p_scopes text[]) is 'What a caller names for a pause or a limit.';
grant execute on function aias_private.scope_key(p_scope text, p_name text, p_scopes text[]) to aias_admin;
grant execute on function aias_private.scope_key(p_scope text, p_name text, p_scopes text[]) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.seconds_to_next_job()
 RETURNS double precision
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.seconds_to_next_job() is 'Seconds until the next scheduled job falls due.';
grant execute on function aias_private.seconds_to_next_job() to aias_admin;
grant execute on function aias_private.seconds_to_next_job() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.set_task_schema(p_task text, p_schema jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.set_task_schema(p_task text, p_schema jsonb) is 'Sets the JSON Schema that a task''s arguments are checked against.';
grant execute on function aias_private.set_task_schema(p_task text, p_schema jsonb) to aias_admin;
grant execute on function aias_private.set_task_schema(p_task text, p_schema jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.settle_reference(p_tenant uuid, p_integration uuid, p_kind text, p_reference text, p_holder text, p_remote_id text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.settle_reference(p_tenant uuid, p_integration uuid, p_kind text, p_reference text, p_holder text, p_remote_id text) is 'Gives a claim back and notes the id of what was made.';
grant execute on function aias_private.settle_reference(p_tenant uuid, p_integration uuid, p_kind text, p_reference text, p_holder text, p_remote_id text) to aias_admin;
grant execute on function aias_private.settle_reference(p_tenant uuid, p_integration uuid, p_kind text, p_reference text, p_holder text, p_remote_id text) to aias_worker;

create table aias_private.signals enable row level security force row level security;
    tenant_id uuid not null
    execution_id uuid not null
    id uuid default aias_private.uuid7() not null
    name text not null
    payload jsonb not null
    created_at timestamp with time zone default aias_private.now() not null
    consumed_at timestamp with time zone
alter table aias_private.signals add constraint name_is_not_empty CHECK (((length(name) >= 1) AND (length(name) <= 200)));
alter table aias_private.signals add constraint signals_pkey PRIMARY KEY (tenant_id, execution_id, id);
create policy tenant_isolation on aias_private.signals as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.signals is 'Signals sent to an execution; one that comes before its step waits for it is kept.';
grant delete, insert, select, update on table aias_private.signals to aias_admin;
grant delete, insert, select, update on table aias_private.signals to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.stamp_job()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off';
comment on function aias_private.stamp_job() is 'Gives a job its turn among the tenants of its queue.';
grant execute on function aias_private.stamp_job() to aias_admin;
grant execute on function aias_private.stamp_job() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.start_child(p_tenant uuid, p_parent uuid, p_step text, p_item integer, p_detail jsonb)
 RETURNS uuid
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.start_child(p_tenant uuid, p_parent uuid, p_step text, p_item integer, p_detail jsonb) is 'Starts the execution that a step waits for, once.';
grant execute on function aias_private.start_child(p_tenant uuid, p_parent uuid, p_step text, p_item integer, p_detail jsonb) to aias_admin;
grant execute on function aias_private.start_child(p_tenant uuid, p_parent uuid, p_step text, p_item integer, p_detail jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.start_execution(p_tenant uuid, p_workflow uuid, p_version integer, p_input jsonb, p_run_at timestamp with time zone, p_lane text, p_id uuid, p_origin jsonb)
 RETURNS uuid
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.start_execution(p_tenant uuid, p_workflow uuid, p_version integer, p_input jsonb, p_run_at timestamp with time zone, p_lane text, p_id uuid, p_origin jsonb) is 'Makes an execution of one version and enqueues its job.';
grant execute on function aias_private.start_execution(p_tenant uuid, p_workflow uuid, p_version integer, p_input jsonb, p_run_at timestamp with time zone, p_lane text, p_id uuid, p_origin jsonb) to aias_admin;
grant execute on function aias_private.start_execution(p_tenant uuid, p_workflow uuid, p_version integer, p_input jsonb, p_run_at timestamp with time zone, p_lane text, p_id uuid, p_origin jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.start_fallback(p_tenant uuid, p_execution uuid, p_error jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.start_fallback(p_tenant uuid, p_execution uuid, p_error jsonb) is 'Starts the workflow that a definition names for its failure, once.';
grant execute on function aias_private.start_fallback(p_tenant uuid, p_execution uuid, p_error jsonb) to aias_admin;
grant execute on function aias_private.start_fallback(p_tenant uuid, p_execution uuid, p_error jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.step_rows(p_tenant uuid, p_execution uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.step_rows(p_tenant uuid, p_execution uuid) is 'The checkpoints of an execution as a JSON array.';
grant execute on function aias_private.step_rows(p_tenant uuid, p_execution uuid) to aias_admin;
grant execute on function aias_private.step_rows(p_tenant uuid, p_execution uuid) to aias_worker;

create table aias_private.steps partition by RANGE (execution_id) enable row level security force row level security;
    tenant_id uuid not null
    execution_id uuid not null
    id text not null
    item integer default '-1'::integer not null
    action text not null
    effect text default 'idempotent'::text not null
    status text not null
    attempt_count integer default 0 not null
    execution_attempt integer not null
    output jsonb
    error jsonb
    wait_kind text
    wait_until timestamp with time zone
    wait_detail jsonb
    child_execution_id uuid
    started_at timestamp with time zone
    finished_at timestamp with time zone
alter table aias_private.steps add constraint effect_is_known CHECK ((effect = ANY (ARRAY['none'::text, 'idempotent'::text, 'at_most_once'::text])));
alter table aias_private.steps add constraint error_set_when_failed CHECK (((status <> 'failed'::text) OR (error IS NOT NULL)));
alter table aias_private.steps add constraint finished_at_set_when_done CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['succeeded'::text, 'failed'::text, 'skipped'::text, 'cancelled'::text, 'in_doubt'::text]))));
alter table aias_private.steps add constraint status_is_known CHECK ((status = ANY (ARRAY['running'::text, 'waiting'::text, 'succeeded'::text, 'failed'::text, 'skipped'::text, 'cancelled'::text, 'in_doubt'::text])));
alter table aias_private.steps add constraint steps_pkey PRIMARY KEY (tenant_id, execution_id, id, item);
alter table aias_private.steps add constraint wait_kind_is_known CHECK ((wait_kind = ANY (ARRAY['retry'::text, 'sleep'::text, 'event'::text, 'approval'::text, 'execution'::text])));
alter table aias_private.steps add constraint wait_kind_set_when_waiting CHECK (((wait_kind IS NOT NULL) = (status = 'waiting'::text)));
create policy tenant_isolation on aias_private.steps as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.steps is 'The checkpoints: one row per step (item -1) and per item of a fan-out; no row means not started.';
grant delete, insert, select, update on table aias_private.steps to aias_admin;
grant delete, insert, select, update on table aias_private.steps to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.steps_after(p_definition jsonb, p_step text)
 RETURNS SETOF text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.steps_after(p_definition jsonb, p_step text) is 'A step of a definition and all that comes after it.';
grant execute on function aias_private.steps_after(p_definition jsonb, p_step text) to aias_admin;
grant execute on function aias_private.steps_after(p_definition jsonb, p_step text) to aias_worker;

create table aias_private.steps_default partition of aias_private.steps default with (autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=2000, autovacuum_vacuum_cost_delay=0);
grant delete, insert, select, update on table aias_private.steps_default to aias_admin;
grant delete, insert, select, update on table aias_private.steps_default to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.suspend_execution(p_tenant uuid, p_execution uuid, p_attempt integer)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.suspend_execution(p_tenant uuid, p_execution uuid, p_attempt integer) is 'Lets an execution wait without a worker, with the job that goes on when its earliest wait ends.';
grant execute on function aias_private.suspend_execution(p_tenant uuid, p_execution uuid, p_attempt integer) to aias_admin;
grant execute on function aias_private.suspend_execution(p_tenant uuid, p_execution uuid, p_attempt integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.sweep_dead_workers(p_stalled_after interval)
 RETURNS TABLE(job_id bigint, outcome text, dead_worker_id bigint)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.sweep_dead_workers(p_stalled_after interval) is 'Puts the jobs of dead workers back to waiting, and says which.';
grant execute on function aias_private.sweep_dead_workers(p_stalled_after interval) to aias_admin;
grant execute on function aias_private.sweep_dead_workers(p_stalled_after interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.take_rate(p_key text, p_ids bigint[], p_count integer, p_per interval, p_burst integer)
 RETURNS bigint[]
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.take_rate(p_key text, p_ids bigint[], p_count integer, p_per interval, p_burst integer) is 'Gives those of some jobs that may start now under a rate, and parks the others until they may.';
grant execute on function aias_private.take_rate(p_key text, p_ids bigint[], p_count integer, p_per interval, p_burst integer) to aias_admin;
grant execute on function aias_private.take_rate(p_key text, p_ids bigint[], p_count integer, p_per interval, p_burst integer) to aias_worker;

create table aias_private.task_schemas;
    task_name text not null
    schema jsonb not null
    updated_at timestamp with time zone default aias_private.now() not null
alter table aias_private.task_schemas add constraint schema_is_an_object CHECK ((jsonb_typeof(schema) = 'object'::text));
alter table aias_private.task_schemas add constraint task_name_is_short CHECK (((length(task_name) >= 1) AND (length(task_name) <= 128)));
alter table aias_private.task_schemas add constraint task_schemas_pkey PRIMARY KEY (task_name);
comment on table aias_private.task_schemas is 'The JSON Schema of a task''s arguments; a task without a row takes any object.';
grant delete, insert, select, update on table aias_private.task_schemas to aias_admin;
grant delete, insert, select, update on table aias_private.task_schemas to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.tenant_by_slug(p_slug text)
 RETURNS uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.tenant_by_slug(p_slug text) is 'The id of the tenant that the caller names and may see.';
grant execute on function aias_private.tenant_by_slug(p_slug text) to aias_admin;
grant execute on function aias_private.tenant_by_slug(p_slug text) to aias_worker;

create table aias_private.tenant_roles;
    role_name text not null
    tenant_id uuid not null
    created_at timestamp with time zone default aias_private.now() not null
alter table aias_private.tenant_roles add constraint tenant_roles_pkey PRIMARY KEY (role_name);
alter table aias_private.tenant_roles add constraint tenant_roles_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
CREATE INDEX tenant_roles_tenant_id_idx ON aias_private.tenant_roles USING btree (tenant_id);
comment on table aias_private.tenant_roles is 'Database roles that belong to one tenant: whatever such a role sets, it sees that tenant only.';
grant delete, insert, select, update on table aias_private.tenant_roles to aias_admin;
grant delete, insert, select, update on table aias_private.tenant_roles to aias_worker;

create table aias_private.tenants enable row level security force row level security;
    id uuid default aias_private.uuid7() not null
    slug text not null
    name text not null
    plan text not null
    industry text
    created_at timestamp with time zone default aias_private.now() not null
alter table aias_private.tenants add constraint name_is_not_empty CHECK (((length(name) >= 1) AND (length(name) <= 200)));
alter table aias_private.tenants add constraint slug_is_a_name CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text));
alter table aias_private.tenants add constraint tenants_pkey PRIMARY KEY (id);
alter table aias_private.tenants add constraint tenants_plan_fkey FOREIGN KEY (plan) REFERENCES aias_private.plans(name);
alter table aias_private.tenants add constraint tenants_slug_key UNIQUE (slug);
CREATE INDEX tenants_plan_idx ON aias_private.tenants USING btree (plan);
create policy tenant_isolation on aias_private.tenants as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.tenants is 'Customer accounts.';
grant delete, insert, select, update on table aias_private.tenants to aias_admin;
grant delete, insert, select, update on table aias_private.tenants to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.unloadable_number_path(p_value jsonb)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.unloadable_number_path(p_value jsonb) is 'The JSON path of the first number that common JSON readers refuse or make infinite.';
grant execute on function aias_private.unloadable_number_path(p_value jsonb) to aias_admin;
grant execute on function aias_private.unloadable_number_path(p_value jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.unpark_free_jobs()
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.unpark_free_jobs() is 'Lets go what is parked for something that does not keep it any more, and says how many.';
grant execute on function aias_private.unpark_free_jobs() to aias_admin;
grant execute on function aias_private.unpark_free_jobs() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.unpark_jobs(p_parked_for text, p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.unpark_jobs(p_parked_for text, p_limit integer) is 'Lets jobs that were parked for a reason stand among the ready ones again, and says how many.';
grant execute on function aias_private.unpark_jobs(p_parked_for text, p_limit integer) to aias_admin;
grant execute on function aias_private.unpark_jobs(p_parked_for text, p_limit integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.unregister_worker(p_worker bigint)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.unregister_worker(p_worker bigint) is 'Removes a worker that ends.';
grant execute on function aias_private.unregister_worker(p_worker bigint) to aias_admin;
grant execute on function aias_private.unregister_worker(p_worker bigint) to aias_worker;

create table aias_private.users enable row level security force row level security;
    tenant_id uuid not null
    id uuid default aias_private.uuid7() not null
    email text not null
    name text not null
    role text not null
    created_at timestamp with time zone default aias_private.now() not null
alter table aias_private.users add constraint email_has_an_at CHECK (((email ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text) AND (length(email) <= 320)));
alter table aias_private.users add constraint role_is_known CHECK ((role = ANY (ARRAY['owner'::text, 'member'::text, 'viewer'::text])));
alter table aias_private.users add constraint users_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.users add constraint users_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
CREATE UNIQUE INDEX users_email_key ON aias_private.users USING btree (tenant_id, lower(email));
create policy tenant_isolation on aias_private.users as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.users is 'People of a tenant.';
grant delete, insert, select, update on table aias_private.users to aias_admin;
grant delete, insert, select, update on table aias_private.users to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.uuid7()
 RETURNS uuid
 LANGUAGE sql
 PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.uuid7() is 'A new UUIDv7: ids sort by the millisecond in which they were made.';
grant execute on function aias_private.uuid7() to aias_admin;
grant execute on function aias_private.uuid7() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.uuid7_floor(p_at timestamp with time zone)
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.uuid7_floor(p_at timestamp with time zone) is 'The smallest UUID of a millisecond: the bound of a partition and of a search by time over ids.';
grant execute on function aias_private.uuid7_floor(p_at timestamp with time zone) to aias_admin;
grant execute on function aias_private.uuid7_floor(p_at timestamp with time zone) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.uuid7_time(p_id uuid)
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.uuid7_time(p_id uuid) is 'The millisecond in which a UUIDv7 was made.';
grant execute on function aias_private.uuid7_time(p_id uuid) to aias_admin;
grant execute on function aias_private.uuid7_time(p_id uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.wake_execution(p_tenant uuid, p_execution uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.wake_execution(p_tenant uuid, p_execution uuid) is 'Lets a waiting execution go on now.';
grant execute on function aias_private.wake_execution(p_tenant uuid, p_execution uuid) to aias_admin;
grant execute on function aias_private.wake_execution(p_tenant uuid, p_execution uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.wake_lock_waiters(p_lock text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.wake_lock_waiters(p_lock text) is 'Wakes the workers of the next ready job of a lock.';
grant execute on function aias_private.wake_lock_waiters(p_lock text) to aias_admin;
grant execute on function aias_private.wake_lock_waiters(p_lock text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.wake_workers(p_queue text, p_job bigint)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.wake_workers(p_queue text, p_job bigint) is 'Wakes the idle workers of a queue, when the transaction commits.';
grant execute on function aias_private.wake_workers(p_queue text, p_job bigint) to aias_admin;
grant execute on function aias_private.wake_workers(p_queue text, p_job bigint) to aias_worker;

create table aias_private.workers;
    id bigint not null
    name text
    host text not null
    pid integer not null
    queues text[]
    concurrency integer not null
    version text not null
    status text default 'running'::text not null
    running_count integer default 0 not null
    stalled_after interval not null
    started_at timestamp with time zone default now() not null
alter table aias_private.workers add constraint concurrency_is_positive CHECK ((concurrency > 0));
alter table aias_private.workers add constraint running_count_is_not_negative CHECK ((running_count >= 0));
alter table aias_private.workers add constraint stalled_after_is_positive CHECK ((stalled_after > '00:00:00'::interval));
alter table aias_private.workers add constraint status_is_known CHECK ((status = ANY (ARRAY['running'::text, 'draining'::text])));
alter table aias_private.workers add constraint workers_id_fkey FOREIGN KEY (id) REFERENCES public.procrastinate_workers(id) ON DELETE CASCADE;
alter table aias_private.workers add constraint workers_pkey PRIMARY KEY (id);
comment on table aias_private.workers is 'The workers that are alive or not yet known to be dead; a row goes when its worker ends or is swept.';
grant delete, insert, select, update on table aias_private.workers to aias_admin;
grant delete, insert, select, update on table aias_private.workers to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.workflow_by_name(p_tenant uuid, p_workflow text)
 RETURNS aias_private.workflows
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.workflow_by_name(p_tenant uuid, p_workflow text) is 'A tenant''s workflow by its name.';
grant execute on function aias_private.workflow_by_name(p_tenant uuid, p_workflow text) to aias_admin;
grant execute on function aias_private.workflow_by_name(p_tenant uuid, p_workflow text) to aias_worker;

create table aias_private.workflow_versions enable row level security force row level security;
    tenant_id uuid not null
    workflow_id uuid not null
    version integer not null
    definition jsonb not null
    checksum bytea not null
    created_by text not null
    created_at timestamp with time zone default aias_private.now() not null
alter table aias_private.workflow_versions add constraint definition_is_an_object CHECK ((jsonb_typeof(definition) = 'object'::text));
alter table aias_private.workflow_versions add constraint version_is_positive CHECK ((version > 0));
alter table aias_private.workflow_versions add constraint workflow_versions_pkey PRIMARY KEY (tenant_id, workflow_id, version);
alter table aias_private.workflow_versions add constraint workflow_versions_workflow_id_fkey FOREIGN KEY (tenant_id, workflow_id) REFERENCES aias_private.workflows(tenant_id, id) ON DELETE CASCADE;
CREATE TRIGGER workflow_versions_are_immutable BEFORE UPDATE ON aias_private.workflow_versions FOR EACH ROW EXECUTE FUNCTION aias_private.refuse_version_change();
create policy tenant_isolation on aias_private.workflow_versions as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.workflow_versions is 'The immutable versions of a workflow''s definition.';
grant delete, insert, select, update on table aias_private.workflow_versions to aias_admin;
grant delete, insert, select, update on table aias_private.workflow_versions to aias_worker;

create table aias_private.workflows enable row level security force row level security;
    tenant_id uuid not null
    id uuid default aias_private.uuid7() not null
    name text not null
    current_version integer not null
    is_enabled boolean default true not null
    created_at timestamp with time zone default aias_private.now() not null
    deleted_at timestamp with time zone
alter table aias_private.workflows add constraint current_version_is_positive CHECK ((current_version > 0));
alter table aias_private.workflows add constraint name_is_a_workflow_name CHECK ((name ~ '^[a-z][a-z0-9-]{0,62}$'::text));
alter table aias_private.workflows add constraint workflows_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.workflows add constraint workflows_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
CREATE UNIQUE INDEX workflows_name_key ON aias_private.workflows USING btree (tenant_id, name) WHERE (deleted_at IS NULL);
create policy tenant_isolation on aias_private.workflows as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.workflows is 'Named definitions of a tenant; a deleted one keeps its row for its executions.';
grant delete, insert, select, update on table aias_private.workflows to aias_admin;
grant delete, insert, select, update on table aias_private.workflows to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.yield_queueing_lock()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.yield_queueing_lock() is 'Drops the queueing lock of a job that goes back to waiting while another waits under the same one.';
grant execute on function aias_private.yield_queueing_lock() to aias_admin;
grant execute on function aias_private.yield_queueing_lock() to aias_worker;

grant delete, insert, select, update on table public.procrastinate_events to aias_worker;

grant usage on sequence public.procrastinate_events_id_seq to aias_worker;

create table public.procrastinate_jobs with (autovacuum_vacuum_scale_factor=0.01, autovacuum_vacuum_threshold=2000, autovacuum_vacuum_insert_scale_factor=0.2, autovacuum_analyze_scale_factor=0.05, autovacuum_vacuum_cost_delay=0);
    tenant_id uuid
    rescue_count integer default 0 not null
    created_at timestamp with time zone default aias_private.now() not null
    last_error jsonb
    virtual_time double precision default 0 not null
    parked_for text collate C
    due_at timestamp with time zone
    workflow_id uuid
    limit_key text
alter table public.procrastinate_jobs add constraint args_are_an_object CHECK ((jsonb_typeof(args) = 'object'::text));
alter table public.procrastinate_jobs add constraint args_can_be_loaded CHECK (aias_private.is_safe_args(args));
alter table public.procrastinate_jobs add constraint limit_key_has_1_to_255_bytes CHECK (((octet_length(limit_key) >= 1) AND (octet_length(limit_key) <= 255)));
alter table public.procrastinate_jobs add constraint lock_has_at_most_1024_bytes CHECK ((octet_length(lock) <= 1024));
alter table public.procrastinate_jobs add constraint queue_name_has_1_to_40_bytes CHECK (((octet_length((queue_name)::text) >= 1) AND (octet_length((queue_name)::text) <= 40)));
alter table public.procrastinate_jobs add constraint queueing_lock_has_at_most_1024_bytes CHECK ((octet_length(queueing_lock) <= 1024));
alter table public.procrastinate_jobs add constraint rescue_count_is_not_negative CHECK ((rescue_count >= 0));
alter table public.procrastinate_jobs add constraint scheduled_at_can_be_read CHECK (((scheduled_at >= '0001-01-03 00:00:00+00'::timestamp with time zone) AND (scheduled_at <= '9999-12-31 23:59:59.999999+00'::timestamp with time zone)));
CREATE INDEX aias_jobs_due_idx ON public.procrastinate_jobs USING btree (scheduled_at) WHERE ((status = 'todo'::public.procrastinate_job_status) AND (scheduled_at IS NOT NULL));
CREATE INDEX aias_jobs_lock_idx ON public.procrastinate_jobs USING btree (lock, priority DESC, id) WHERE ((lock IS NOT NULL) AND (status = ANY (ARRAY['todo'::public.procrastinate_job_status, 'doing'::public.procrastinate_job_status])));
CREATE INDEX aias_jobs_orphan_idx ON public.procrastinate_jobs USING btree (id) WHERE ((status = 'doing'::public.procrastinate_job_status) AND (worker_id IS NULL));
CREATE INDEX aias_jobs_parked_idx ON public.procrastinate_jobs USING btree (parked_for, priority DESC, virtual_time, id) WHERE ((status = 'todo'::public.procrastinate_job_status) AND (parked_for IS NOT NULL));
CREATE INDEX aias_jobs_ready_idx ON public.procrastinate_jobs USING btree (queue_name, priority, virtual_time, id) WHERE ((status = 'todo'::public.procrastinate_job_status) AND (scheduled_at IS NULL) AND (parked_for IS NULL));
CREATE INDEX aias_jobs_running_idx ON public.procrastinate_jobs USING btree (tenant_id, workflow_id) WHERE ((status = 'doing'::public.procrastinate_job_status) AND (tenant_id IS NOT NULL));
CREATE INDEX aias_jobs_running_key_idx ON public.procrastinate_jobs USING btree (limit_key) WHERE ((status = 'doing'::public.procrastinate_job_status) AND (limit_key IS NOT NULL));
CREATE INDEX aias_jobs_turn_idx ON public.procrastinate_jobs USING btree (queue_name, priority, COALESCE(tenant_id, '00000000-0000-0000-0000-000000000000'::uuid), virtual_time) WHERE ((status = 'todo'::public.procrastinate_job_status) AND (scheduled_at IS NULL) AND (parked_for IS NULL));
CREATE INDEX aias_jobs_worker_idx ON public.procrastinate_jobs USING btree (worker_id) WHERE (worker_id IS NOT NULL);
CREATE TRIGGER aias_notify_inserted_jobs AFTER INSERT ON public.procrastinate_jobs REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION aias_private.notify_inserted_jobs();
CREATE TRIGGER aias_stamp_new_job BEFORE INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.status = 'todo'::public.procrastinate_job_status) AND (new.virtual_time = (0)::double precision))) EXECUTE FUNCTION aias_private.stamp_job();
CREATE TRIGGER aias_stamp_waiting_job BEFORE UPDATE ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.status = 'todo'::public.procrastinate_job_status) AND ((old.status <> 'todo'::public.procrastinate_job_status) OR ((old.queue_name)::text <> (new.queue_name)::text) OR (old.priority <> new.priority) OR ((old.scheduled_at IS NOT NULL) AND (new.scheduled_at IS NULL)) OR ((old.parked_for IS NOT NULL) AND (new.parked_for IS NULL))))) EXECUTE FUNCTION aias_private.stamp_job();
CREATE TRIGGER aias_yield_queueing_lock BEFORE UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW WHEN (((old.status <> 'todo'::public.procrastinate_job_status) AND (new.status = 'todo'::public.procrastinate_job_status) AND (new.queueing_lock IS NOT NULL))) EXECUTE FUNCTION aias_private.yield_queueing_lock();
CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.status = 'todo'::public.procrastinate_job_status) AND (COALESCE(current_setting('aias.engine_events'::text, true), ''::text) <> 'off'::text))) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1();
CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW WHEN ((COALESCE(current_setting('aias.engine_events'::text, true), ''::text) <> 'off'::text)) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_update_v1();
comment on column public.procrastinate_jobs.tenant_id is 'AIAS: the tenant for whom the job runs; null for none.';
comment on column public.procrastinate_jobs.rescue_count is 'AIAS: how often a worker died with the job; after five times it goes to the dead letters.';
comment on column public.procrastinate_jobs.created_at is 'AIAS: when the job was enqueued.';
comment on column public.procrastinate_jobs.last_error is 'AIAS: why the last attempt failed.';
comment on column public.procrastinate_jobs.virtual_time is 'AIAS: the job''s place among the waiting ones of its queue and priority; lower goes first.';
comment on column public.procrastinate_jobs.parked_for is 'AIAS: what keeps the job from running (pause:..., limit:..., rate:...); null when nothing does.';
comment on column public.procrastinate_jobs.due_at is 'AIAS: when a job that was scheduled for a time fell due.';
comment on column public.procrastinate_jobs.workflow_id is 'AIAS: the workflow whose execution the job advances; null for other jobs.';
comment on column public.procrastinate_jobs.limit_key is 'AIAS: the key of a limit that the job falls under.';
grant delete, insert, select, update on table public.procrastinate_jobs to aias_worker;

grant usage on sequence public.procrastinate_jobs_id_seq to aias_worker;

grant delete, insert, select, update on table public.procrastinate_periodic_defers to aias_worker;

grant usage on sequence public.procrastinate_periodic_defers_id_seq to aias_worker;

grant delete, insert, select, update on table public.procrastinate_workers to aias_worker;

grant usage on sequence public.procrastinate_workers_id_seq to aias_worker;
