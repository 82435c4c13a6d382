-- aias.release_retention: let the policies hold for a tenant's rows again.
--
-- Errors    JR403 the caller is confined to a tenant; JR404 no such tenant, or nothing is held under that policy.
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
create or replace function aias.release_retention(
    p_tenant text,
    p_policy text default '*'
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid;
    v_reason text;
begin
    if not aias_private.caller_sees_all() then
        raise exception 'retention is a matter for administrators' using errcode = 'JR403';
    end if;
    v_tenant := aias_private.tenant_by_slug(p_tenant);
    delete from aias_private.retention_overrides as o
    where o.tenant_id = v_tenant and o.table_name = p_policy
    returning o.reason into v_reason;
    if not found then
        raise exception 'nothing of % is held under %', p_tenant, coalesce(quote_literal(p_policy), 'null')
            using errcode = 'JR404', column = 'p_policy';
    end if;
    perform aias_private.record_audit(
        v_tenant,
        'retention.released',
        'retention_policy',
        p_policy,
        jsonb_build_object('before', jsonb_build_object('reason', v_reason))
    );
end;
$$;
revoke execute on function aias.release_retention(text, text) from public;
grant execute on function aias.release_retention(text, text) to aias_app, aias_admin;
comment on function aias.release_retention(text, text) is
'Lets the policies hold for a tenant''s rows again; administrators only.';
