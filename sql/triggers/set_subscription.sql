-- aias.set_subscription: let events start a workflow; calling again with the same name changes the subscription.
--
-- Promise   an event matches when its type fits the pattern (* stands for anything), its payload holds the filter, and the
--           condition (a template) holds. The mapping (templates over `event` and `payload`) makes the input; without one
--           the payload is the input. Condition and mapping are evaluated by a worker.
-- Errors    JR404 no such tenant or workflow; JR422 an argument is not valid.
-- requires: aias_private.assert_json_input
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
-- requires: aias_private.workflow_by_name
create or replace function aias.set_subscription(
    p_tenant text,
    p_name text,
    p_type text,
    p_workflow text,
    p_filter jsonb default '{}',
    p_condition text default null,
    p_mapping jsonb default null,
    p_enabled boolean default true
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.tenant_by_slug(p_tenant);
    v_workflow constant uuid := (aias_private.workflow_by_name(v_tenant, p_workflow)).id;
    v_id uuid;
    v_before jsonb;
    v_why text;
    v_argument text;
begin
    select w.argument, w.why into v_argument, v_why
    from (
        values
        (p_name ~ '^[a-z0-9][a-z0-9._-]{0,62}$', 'p_name', 'a name is 1 to 63 small letters, digits, dots, dashes and underscores'),
        (p_type ~ '^[!-~]{1,200}$', 'p_type', 'a pattern of types has 1 to 200 visible ASCII characters; * stands for anything'),
        (p_filter is not null, 'p_filter', 'a filter is JSON that a payload holds; {} is held by every object'),
        (coalesce(length(p_condition) <= 16000, true), 'p_condition', 'a condition has at most 16,000 characters'),
        (coalesce(jsonb_typeof(p_mapping) = 'object', true), 'p_mapping', 'a mapping is a JSON object of templates'),
        (p_enabled is not null, 'p_enabled', 'enabled is true or false')
    ) as w(is_fit, argument, why)
    where w.is_fit is not true
    limit 1;
    if v_why is not null then
        raise exception '%', v_why using errcode = 'JR422', column = v_argument;
    end if;
    perform aias_private.assert_json_input('p_filter', p_filter, 'true', 100000);
    if p_mapping is not null then
        perform aias_private.assert_json_input('p_mapping', p_mapping, 'true', 100000);
    end if;
    select jsonb_strip_nulls(
        to_jsonb(s) - array['tenant_id', 'id', 'type_like', 'created_at', 'updated_at']
    ) into v_before
    from aias_private.event_subscriptions as s
    where s.tenant_id = v_tenant and s.name = p_name
    for update;
    insert into aias_private.event_subscriptions as s (
        tenant_id, name, type_pattern, filter, condition, mapping, workflow_id, is_enabled
    )
    values (v_tenant, p_name, p_type, p_filter, p_condition, p_mapping, v_workflow, p_enabled)
    on conflict (tenant_id, name) do update
    set
        type_pattern = excluded.type_pattern,
        filter = excluded.filter,
        condition = excluded.condition,
        mapping = excluded.mapping,
        workflow_id = excluded.workflow_id,
        is_enabled = excluded.is_enabled,
        updated_at = aias_private.now()
    returning s.id into v_id;
    perform aias_private.record_audit(
        v_tenant,
        case when v_before is null then 'subscription.created' else 'subscription.changed' end,
        'subscription',
        v_id::text,
        jsonb_strip_nulls(
            jsonb_build_object(
                'name', p_name, 'type', p_type, 'workflow', p_workflow, 'filter', p_filter, 'condition', p_condition,
                'mapping', p_mapping, 'enabled', p_enabled, 'before', v_before
            )
        )
    );
    return v_id;
end;
$$;
revoke execute on function aias.set_subscription(text, text, text, text, jsonb, text, jsonb, boolean) from public;
grant execute on function aias.set_subscription(text, text, text, text, jsonb, text, jsonb, boolean)
to aias_app, aias_admin;
comment on function aias.set_subscription(text, text, text, text, jsonb, text, jsonb, boolean) is
'Lets events of a type start a workflow, under a filter and with a mapping; returns the subscription''s id.';
