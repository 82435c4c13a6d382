-- aias.end_trial: end a tenant's trial now.
--
-- Promise   unless it took a plan meanwhile, its people get no more mails of sequences. Audited.
-- Errors    JR403 not an administrator; JR404 no such tenant; JR409 it is in no trial.
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
create or replace function aias.end_trial(p_tenant text)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := aias_private.now();
    v_tenant uuid;
begin
    if not aias_private.caller_sees_all() then
        raise exception 'only an administrator ends trials' using errcode = 'JR403', column = 'p_tenant';
    end if;
    v_tenant := aias_private.tenant_by_slug(p_tenant);
    update aias_private.tenants as t
    set trial_ends_at = v_now
    where t.id = v_tenant and t.trial_ends_at > v_now and t.trial_started_at <= v_now;
    if not found then
        raise exception 'the tenant % is in no trial', quote_literal(p_tenant) using errcode = 'JR409', column = 'p_tenant';
    end if;
    perform aias_private.record_audit(v_tenant, 'tenant.trial_ended', 'tenant', v_tenant::text, '{}');
end;
$$;
revoke execute on function aias.end_trial(text) from public;
grant execute on function aias.end_trial(text) to aias_admin;
comment on function aias.end_trial(text) is 'Ends a tenant''s trial now. Administrators only.';
