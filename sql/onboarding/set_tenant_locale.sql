-- aias.set_tenant_locale: say where a tenant lives and what it reads.
--
-- Promise   null leaves a value as it is. Planned mails of its people move to the mornings there, except of those with a zone of their own. Audited.
-- Errors    JR404 no such tenant; JR422 no such time zone, or no code of a language.
-- requires: aias_private.assert_locale
-- requires: aias_private.move_mails
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
create or replace function aias.set_tenant_locale(
    p_tenant text,
    p_time_zone text,
    p_language text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.tenant_by_slug(p_tenant);
begin
    perform aias_private.assert_locale(p_time_zone, p_language);
    update aias_private.tenants as t
    set time_zone = coalesce(p_time_zone, t.time_zone), language = coalesce(p_language, t.language)
    where t.id = v_tenant;
    perform aias_private.move_mails(v_tenant, null, null, null);
    perform aias_private.record_audit(
        v_tenant,
        'tenant.locale_set',
        'tenant',
        v_tenant::text,
        jsonb_strip_nulls(jsonb_build_object('time_zone', p_time_zone, 'language', p_language))
    );
end;
$$;
revoke execute on function aias.set_tenant_locale(text, text, text) from public;
grant execute on function aias.set_tenant_locale(text, text, text) to aias_app, aias_admin;
comment on function aias.set_tenant_locale(text, text, text) is
'Says in which time zone a tenant lives and which language it reads; null leaves a value as it is.';
