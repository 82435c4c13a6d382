-- aias.set_plan: move a tenant to another plan, from its next execution on.
--
-- Promise   a tenant that tried AIAS, or still does, has chosen: nothing stops at the end of its trial.
-- Errors    JR403 not an administrator; JR404 no such tenant or plan.
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
create or replace function aias.set_plan(
    p_tenant text,
    p_plan text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id uuid;
    v_former text;
begin
    if not aias_private.caller_sees_all() then
        raise exception 'only an administrator changes plans' using errcode = 'JR403', column = 'p_tenant';
    end if;
    v_id := aias_private.tenant_by_slug(p_tenant);
    if not exists (select from aias_private.plans as p where p.name = p_plan) then
        raise exception 'there is no plan %', coalesce(quote_literal(p_plan), 'null')
            using errcode = 'JR404', column = 'p_plan';
    end if;
    select t.plan into v_former from aias_private.tenants as t where t.id = v_id for update;
    update aias_private.tenants as t
    set
        plan = p_plan,
        converted_at = case
            when t.trial_started_at is not null and p_plan <> 'free' then coalesce(t.converted_at, aias_private.now())
            else t.converted_at
        end
    where t.id = v_id;
    perform aias_private.record_audit(
        v_id,
        'tenant.plan_changed',
        'tenant',
        v_id::text,
        jsonb_build_object('from', v_former, 'to', p_plan, 'before', jsonb_build_object('plan', v_former))
    );
end;
$$;
revoke execute on function aias.set_plan(text, text) from public;
grant execute on function aias.set_plan(text, text) to aias_admin;
comment on function aias.set_plan(text, text) is
'Moves a tenant to another plan: its next executions run in that plan''s lane and limits.';
