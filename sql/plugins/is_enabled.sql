-- aias.is_enabled: whether a change of behaviour has reached a tenant.
--
-- Promise   false for a flag that nobody has set: who asks for a flag that was removed goes on as before the change.
-- Errors    JR404 no such tenant.
-- requires: aias_private.is_flag_on
-- requires: aias_private.tenant_by_slug
create or replace function aias.is_enabled(
    p_flag text,
    p_tenant text
)
returns boolean
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select aias_private.is_flag_on(p_flag, aias_private.tenant_by_slug(p_tenant))
$$;
revoke execute on function aias.is_enabled(text, text) from public;
grant execute on function aias.is_enabled(text, text) to aias_app, aias_worker, aias_admin;
comment on function aias.is_enabled(text, text) is
'Whether the flag is on for the tenant: by the tenant''s own word, else by the flag''s percentage.';
