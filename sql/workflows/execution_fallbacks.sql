-- aias_private.execution_fallbacks: what made up for failures of an execution, for explain_execution.
create or replace function aias_private.execution_fallbacks(
    p_tenant uuid,
    p_execution uuid
)
returns table (
    reason text,
    detail text,
    until timestamptz
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select
        'fallback',
        format(
            '%s failed: %s; %s. %s',
            case when v.step_id is null then 'the execution' else 'step ' || v.step_id end,
            v.detail ->> 'why',
            case v.detail ->> 'used'
                when 'step' then format('the step %s takes over', v.detail ->> 'step')
                when 'workflow' then format('the workflow %s takes over', v.detail ->> 'workflow')
                else 'the execution goes on without it'
            end,
            v.detail ->> 'advice'
        ),
        null::timestamptz
    from aias_private.execution_events as v
    where v.tenant_id = p_tenant and v.execution_id = p_execution and v.type = 'fallback_used'
    order by v.id
    limit 20
$$;
revoke execute on function aias_private.execution_fallbacks(uuid, uuid) from public;
comment on function aias_private.execution_fallbacks(uuid, uuid) is
'What made up for failures of an execution, why, and what can be done, at most 20 rows.';
