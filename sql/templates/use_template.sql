-- aias.use_template: make a workflow of a template, with what starts it.
--
-- Caller    `aias template use`, the API and aias.templates, which validate the definition whole in the same transaction
--           before and make the webhooks after; called directly, SQL checks the parameters and what it relies on, and
--           the rest is checked before each run.
-- Promise   the same again changes nothing: the workflow is known by its name. Other parameters or a newer template make
--           a new version of it. One that was not made from this template, or was changed by hand since, is not touched.
-- Locks     the workflow's row.
-- Errors    JR404 no such tenant or template; JR409 the workflow's name is taken; JR422 a parameter does not fit.
-- requires: aias.apply_workflow
-- requires: aias.render_template
-- requires: aias_private.caller_actor
-- requires: aias_private.record_audit
-- requires: aias_private.set_template_triggers
-- requires: aias_private.tenant_by_slug
create or replace function aias.use_template(
    p_tenant text,
    p_template text,
    p_parameters jsonb default '{}',
    p_workflow text default null,
    p_version integer default null
)
returns table (
    workflow_id uuid,
    workflow text,
    version integer,
    template_version integer,
    is_changed boolean,
    triggers jsonb
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_tenant constant uuid := aias_private.tenant_by_slug(p_tenant);
    v_made record;
    v_former aias_private.template_uses;
    v_workflow aias_private.workflows;
    v_applied record;
    v_set jsonb;
begin
    select r.template, r.version, r.parameters, r.definition, r.triggers into v_made
    from aias.render_template(p_template, p_parameters, p_workflow, p_version) as r;
    select w.* into v_workflow
    from aias_private.workflows as w
    where w.tenant_id = v_tenant and w.name = v_made.definition ->> 'name' and w.deleted_at is null
    for update;
    if found then
        select u.* into v_former
        from aias_private.template_uses as u
        where
            u.tenant_id = v_tenant
            and u.workflow_id = v_workflow.id
            and u.workflow_version = v_workflow.current_version
            and u.template = p_template;
        if not found then
            raise exception 'the workflow % was not made from this template, or was changed since: use another name',
                quote_literal(v_workflow.name)
                using errcode = 'JR409', column = 'p_workflow';
        end if;
    end if;
    select a.workflow_id, a.version, a.is_changed into v_applied
    from aias.apply_workflow(p_tenant, v_made.definition) as a;

    is_changed := v_applied.is_changed
        or v_former.template_version is distinct from v_made.version
        or v_former.parameters is distinct from v_made.parameters;
    v_set := v_former.triggers;
    if is_changed then
        v_set := aias_private.set_template_triggers(
            p_tenant, v_made.definition ->> 'name', v_made.triggers, v_former.triggers
        );
        insert into aias_private.template_uses (
            tenant_id, workflow_id, workflow_version, template, template_version, parameters, triggers, used_by
        )
        values (
            v_tenant, v_applied.workflow_id, v_applied.version, v_made.template, v_made.version, v_made.parameters,
            v_set, aias_private.caller_actor()
        )
        on conflict on constraint template_uses_pkey do update
        set
            template_version = excluded.template_version,
            parameters = excluded.parameters,
            triggers = excluded.triggers,
            used_by = excluded.used_by,
            used_at = excluded.used_at;
        perform aias_private.record_audit(
            v_tenant,
            'template.used',
            'workflow',
            v_applied.workflow_id::text,
            jsonb_strip_nulls(
                jsonb_build_object(
                    'name', v_made.definition -> 'name',
                    'version', v_applied.version,
                    'template', v_made.template,
                    'template_version', v_made.version,
                    'parameters', v_made.parameters,
                    'before', case
                        when v_former.template is not null then
                            jsonb_build_object(
                                'template_version', v_former.template_version, 'parameters', v_former.parameters
                            )
                    end
                )
            )
        );
    end if;
    workflow_id := v_applied.workflow_id;
    workflow := v_made.definition ->> 'name';
    version := v_applied.version;
    template_version := v_made.version;
    triggers := v_set;
    return next;
end;
$$;
revoke execute on function aias.use_template(text, text, jsonb, text, integer) from public;
grant execute on function aias.use_template(text, text, jsonb, text, integer) to aias_app, aias_admin;
comment on function aias.use_template(text, text, jsonb, text, integer) is
'Makes a workflow of a template, with its schedules and subscriptions; the same again changes nothing.';
