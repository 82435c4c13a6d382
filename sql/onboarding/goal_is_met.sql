-- aias_private.goal_is_met: whether a tenant has reached what a step of a sequence wants it to.
--
-- Promise   connected, first_workflow and first_success as aias.activation tells them (a minute late; samples don't count); automated: it has
--           a schedule or a webhook; plan_chosen: it took a plan during or after its trial. No goal is never met.
create or replace function aias_private.goal_is_met(
    p_tenant uuid,
    p_goal text
)
returns boolean
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select case p_goal
        when 'automated' then
            exists (select from aias_private.schedules as s where s.tenant_id = p_tenant)
            or exists (select from aias_private.webhooks as w where w.tenant_id = p_tenant)
        when 'plan_chosen' then
            exists (select from aias_private.tenants as t where t.id = p_tenant and t.converted_at is not null)
        else exists (
            select from aias_private.tenant_milestones as m
            where
                m.tenant_id = p_tenant
                and case p_goal
                    when 'connected' then m.connected_at
                    when 'first_workflow' then m.first_workflow_at
                    when 'first_success' then m.first_success_at
                end is not null
        )
    end
$$;
revoke execute on function aias_private.goal_is_met(uuid, text) from public;
comment on function aias_private.goal_is_met(uuid, text) is 'Whether a tenant has reached the goal of a step of a sequence.';
