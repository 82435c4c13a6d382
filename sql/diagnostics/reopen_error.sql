-- aias.reopen_error: take back that an error is fixed or of no interest.
--
-- Errors    JR403 the caller is confined to a tenant: a group is all tenants'; JR404 there is no such group; JR409 it is open already.
-- requires: aias_private.decide_on_error
create or replace function aias.reopen_error(
    p_error uuid,
    p_reason text default null
)
returns void
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    select aias_private.decide_on_error(p_error, 'open', 'error.reopened', p_reason)
$$;
revoke execute on function aias.reopen_error(uuid, text) from public;
grant execute on function aias.reopen_error(uuid, text) to aias_app, aias_admin;
comment on function aias.reopen_error(uuid, text) is 'Takes back that an error is fixed or of no interest.';
