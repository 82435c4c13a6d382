-- aias.add_samples: give a tenant the samples, again or for the first time.
--
-- Promise   a job installs what is missing of them and points their connections to the local servers as they are set now.
-- Returns   false where they are being installed already.
-- Errors    JR404 no such tenant.
-- requires: aias_private.record_audit
-- requires: aias_private.request_samples
-- requires: aias_private.tenant_by_slug
create or replace function aias.add_samples(p_tenant text)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.tenant_by_slug(p_tenant);
begin
    update aias_private.tenant_samples as s
    set status = 'due', requested_at = aias_private.now(), removed_at = null
    where s.tenant_id = v_tenant and s.status <> 'due';
    if found then
        perform aias_private.insert_tenant_job(v_tenant, 'aias.install_samples', '{}', null);
    elsif not aias_private.request_samples(v_tenant) then
        return false;
    end if;
    perform aias_private.record_audit(
        v_tenant, 'samples.requested', 'tenant', v_tenant::text, jsonb_build_object('is_sample', true)
    );
    return true;
end;
$$;
revoke execute on function aias.add_samples(text) from public;
grant execute on function aias.add_samples(text) to aias_app, aias_admin;
comment on function aias.add_samples(text) is
'Has a tenant''s samples installed by a worker, again or for the first time; false while that is under way already.';
