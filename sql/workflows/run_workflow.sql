-- aias.run_workflow: start an execution of a workflow's current version.
--
-- Promise   the execution and its job are part of the caller's transaction: if that rolls back, nothing ran. The same
--           idempotency key with the same input returns the same execution, however often and from however many
--           connections it is called.
-- Locks     the workflow's row, shared; the key's row, until the transaction that made it ends.
-- Errors    JR404 no such tenant or workflow; JR409 the workflow is disabled, or the key stands for another input;
--           JR422 an argument is not valid, or the input does not fit the schema; JR429 a hard quota of the plan is used up.
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
-- requires: aias_private.start_execution
-- requires: aias_private.refuse_over_quota
create or replace function aias.run_workflow(
    p_tenant text,
    p_workflow text,
    p_input jsonb default '{}',
    p_idempotency_key text default null,
    p_run_at timestamptz default null
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.tenant_by_slug(p_tenant);
    v_workflow aias_private.workflows;
    v_id constant uuid := aias_private.uuid7();
    v_hash bytea;
    v_known aias_private.idempotency_keys;
begin
    select w.* into v_workflow
    from aias_private.workflows as w
    where w.tenant_id = v_tenant and w.name = p_workflow and w.deleted_at is null
    for key share;
    if not found then
        raise exception 'there is no workflow %', coalesce(quote_literal(p_workflow), 'null')
            using errcode = 'JR404', column = 'p_workflow';
    end if;
    if p_input is null or jsonb_typeof(p_input) <> 'object' then
        raise exception '$: an input is a JSON object' using errcode = 'JR422', column = 'p_input';
    end if;
    if p_run_at is not null and not (
        isfinite(p_run_at) and p_run_at between '2000-01-01 00:00:00+00' and '9000-01-01 00:00:00+00'
    ) then
        raise exception 'a time to run lies between the years 2000 and 9000, not at %', p_run_at
            using errcode = 'JR422', column = 'p_run_at';
    end if;
    if p_idempotency_key is not null then
        if length(p_idempotency_key) not between 1 and 255 then
            raise exception 'an idempotency key has 1 to 255 characters, not %', length(p_idempotency_key)
                using errcode = 'JR422', column = 'p_idempotency_key';
        end if;
        v_hash := sha256(convert_to(p_input::text, 'UTF8'));
        -- waits for another transaction that is just making the same key
        insert into aias_private.idempotency_keys (tenant_id, scope, key, target, request_hash)
        values (v_tenant, 'workflow:' || p_workflow, p_idempotency_key, v_id::text, v_hash)
        on conflict (tenant_id, scope, key) do nothing;
        if not found then
            select k.* into strict v_known
            from aias_private.idempotency_keys as k
            where k.tenant_id = v_tenant and k.scope = 'workflow:' || p_workflow and k.key = p_idempotency_key;
            if v_known.request_hash <> v_hash then
                raise exception 'the idempotency key % stands for another input', quote_literal(p_idempotency_key)
                    using errcode = 'JR409', column = 'p_idempotency_key';
            end if;
            return v_known.target::uuid;
        end if;
    end if;
    if not v_workflow.is_enabled then
        raise exception 'the workflow % is disabled', quote_literal(p_workflow)
            using errcode = 'JR409', column = 'p_workflow';
    end if;
    if not v_workflow.is_sample then
        perform aias_private.refuse_over_quota(v_tenant);
    end if;
    perform aias_private.start_execution(
        v_tenant,
        v_workflow.id,
        v_workflow.current_version,
        p_input,
        p_run_at,
        null,
        v_id,
        jsonb_strip_nulls(jsonb_build_object('idempotency_key', p_idempotency_key))
    );
    perform aias_private.record_audit(
        v_tenant,
        'execution.started',
        'execution',
        v_id::text,
        jsonb_build_object('workflow', p_workflow, 'version', v_workflow.current_version)
        || case when v_workflow.is_sample then '{"is_sample": true}' else '{}'::jsonb end
    );
    return v_id;
end;
$$;
revoke execute on function aias.run_workflow(text, text, jsonb, text, timestamptz) from public;
grant execute on function aias.run_workflow(text, text, jsonb, text, timestamptz) to aias_app, aias_admin, aias_worker;
comment on function aias.run_workflow(text, text, jsonb, text, timestamptz) is
'Starts an execution in the caller''s transaction and returns its id; an idempotency key makes the call repeatable.';
