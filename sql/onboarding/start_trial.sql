-- aias.start_trial: let a tenant try AIAS for some days.
--
-- Promise   the trial lasts to the end of the local day that is p_days after today there; its owners are in the sequences of trials within a
--           minute. Started again while it lasts or after it: the days count anew, and mails that were sent are not sent again. Audited.
-- Errors    JR403 not an administrator; JR404 no such tenant; JR422 the days are out of range.
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
create or replace function aias.start_trial(
    p_tenant text,
    p_days integer
)
returns timestamptz
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := aias_private.now();
    v_tenant uuid;
    v_ends_at timestamptz;
begin
    if not aias_private.caller_sees_all() then
        raise exception 'only an administrator starts trials' using errcode = 'JR403', column = 'p_tenant';
    end if;
    v_tenant := aias_private.tenant_by_slug(p_tenant);
    if p_days is null or p_days not between 1 and 365 then
        raise exception 'a trial lasts 1 to 365 days, not %', p_days using errcode = 'JR422', column = 'p_days';
    end if;
    update aias_private.tenants as t
    set
        trial_started_at = v_now,
        trial_ends_at = (((v_now at time zone coalesce(t.time_zone, 'UTC'))::date + p_days + 1)::timestamp)
        at time zone coalesce(t.time_zone, 'UTC'),
        converted_at = null
    where t.id = v_tenant
    returning t.trial_ends_at into v_ends_at;
    perform aias_private.record_audit(
        v_tenant, 'tenant.trial_started', 'tenant', v_tenant::text, jsonb_build_object('ends_at', v_ends_at)
    );
    return v_ends_at;
end;
$$;
revoke execute on function aias.start_trial(text, integer) from public;
grant execute on function aias.start_trial(text, integer) to aias_admin;
comment on function aias.start_trial(text, integer) is
'Lets a tenant try AIAS for some days; returns when the trial ends. Administrators only.';
