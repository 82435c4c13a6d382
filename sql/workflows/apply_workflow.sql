-- aias.apply_workflow: store a definition as the workflow's newest version.
--
-- Caller    `aias workflow apply` and aias.workflows, after the whole validation that Python does; called directly, the
--           parts that SQL relies on are checked here and the rest before each run.
-- Promise   the same definition again changes nothing; another one becomes the next version, and running executions
--           keep theirs.
-- Locks     the workflow's row.
-- Errors    JR404 no such tenant; JR409 the name is a sample's, which counts nowhere and so is not to be changed; JR422 the definition is not one, or its input schema has a keyword that is not supported.
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
-- requires: aias_private.caller_actor
-- requires: aias_private.json_schema_refusals
create or replace function aias.apply_workflow(
    p_tenant text,
    p_definition jsonb
)
returns table (
    workflow_id uuid,
    version integer,
    is_changed boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.tenant_by_slug(p_tenant);
    v_name constant text := p_definition ->> 'name';
    v_checksum bytea;
    v_problem record;
    v_workflow aias_private.workflows;
begin
    if p_definition is null or jsonb_typeof(p_definition) <> 'object' then
        raise exception '$: a definition is a JSON object' using errcode = 'JR422', column = 'p_definition';
    end if;
    if v_name is null or v_name !~ '^[a-z][a-z0-9-]{0,62}$' then
        raise exception '$.name: a name is 1 to 63 small letters, digits and dashes and starts with a letter'
            using errcode = 'JR422', column = 'p_definition';
    end if;
    if octet_length(p_definition::text) > 1000000 then
        raise exception '$: a definition has at most 1,000,000 bytes' using errcode = 'JR422', column = 'p_definition';
    end if;
    if coalesce(jsonb_typeof(p_definition -> 'steps'), '') <> 'array'
        or jsonb_array_length(p_definition -> 'steps') not between 1 and 500
    then
        raise exception '$.steps: a workflow has 1 to 500 steps' using errcode = 'JR422', column = 'p_definition';
    end if;
    for v_problem in
        select 1 from jsonb_array_elements(p_definition -> 'steps') as s(step)
        where coalesce(s.step ->> 'id', '') !~ '^[a-z][a-z0-9_]{0,62}$' or s.step ->> 'action' is null
    loop
        raise exception '$.steps: every step has an id and an action' using errcode = 'JR422', column = 'p_definition';
    end loop;
    if p_definition ? 'input' then
        for v_problem in
            select r.path, r.message from aias_private.json_schema_refusals(p_definition -> 'input') as r limit 1
        loop
            raise exception '$.input%: %', ltrim(v_problem.path, '$'), v_problem.message
                using errcode = 'JR422', column = 'p_definition';
        end loop;
    end if;
    v_checksum := sha256(convert_to(p_definition::text, 'UTF8'));

    insert into aias_private.workflows (tenant_id, name, current_version)
    values (v_tenant, v_name, 1)
    on conflict (tenant_id, name) where deleted_at is null do nothing
    returning * into v_workflow;
    if found then
        is_changed := true;
    else
        select w.* into v_workflow
        from aias_private.workflows as w
        where w.tenant_id = v_tenant and w.name = v_name and w.deleted_at is null
        for update;
        if v_workflow.is_sample and not exists (
            select from aias_private.workflow_versions as v
            where
                v.tenant_id = v_tenant
                and v.workflow_id = v_workflow.id
                and v.version = v_workflow.current_version
                and v.checksum = v_checksum
        )
        then
            raise exception 'the workflow % is a sample: give yours another name', quote_literal(v_name)
                using errcode = 'JR409', column = 'p_definition';
        end if;
        is_changed := not exists (
            select from aias_private.workflow_versions as v
            where
                v.tenant_id = v_tenant
                and v.workflow_id = v_workflow.id
                and v.version = v_workflow.current_version
                and v.checksum = v_checksum
        );
        if is_changed then
            update aias_private.workflows as w
            set current_version = w.current_version + 1
            where w.tenant_id = v_tenant and w.id = v_workflow.id
            returning w.* into v_workflow;
        end if;
    end if;
    if is_changed then
        insert into aias_private.workflow_versions (tenant_id, workflow_id, version, definition, checksum, created_by)
        values (v_tenant, v_workflow.id, v_workflow.current_version, p_definition, v_checksum, aias_private.caller_actor());
        perform aias_private.record_audit(
            v_tenant,
            'workflow.applied',
            'workflow',
            v_workflow.id::text,
            jsonb_build_object('name', v_name, 'version', v_workflow.current_version)
            -- every version stays, so its number says all that was before
            || case
                when v_workflow.current_version = 1 then '{}'
                else jsonb_build_object('before', jsonb_build_object('version', v_workflow.current_version - 1))
            end
        );
    end if;
    workflow_id := v_workflow.id;
    version := v_workflow.current_version;
    return next;
end;
$$;
revoke execute on function aias.apply_workflow(text, jsonb) from public;
grant execute on function aias.apply_workflow(text, jsonb) to aias_app, aias_worker, aias_admin;
comment on function aias.apply_workflow(text, jsonb) is
'Stores a definition as the newest version of the workflow that it names; the same again changes nothing.';
