-- aias_private.give_up_refresh: a refresh came to nothing.
--
-- Caller    the holder of the claim. p_is_refused: the upstream wants none of these tokens; else it may be tried again,
--           after 5 s, 10 s, 20 s ... 10 minutes. p_is_unknown: the upstream may have given new tokens that were lost on
--           the way; the intent then stays, so that a later refusal is understood.
-- Promise   a refusal revokes the connection and tells its owner; the third failure in a row makes it `failing`. A holder
--           whose claim went to another changes nothing.
-- Locks     the connection's row.
-- requires: aias_private.set_integration_status
create or replace function aias_private.give_up_refresh(
    p_tenant uuid,
    p_integration uuid,
    p_credential_version integer,
    p_holder text,
    p_is_refused boolean,
    p_is_unknown boolean,
    p_interrupted_at timestamptz,
    p_reason text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count integer;
begin
    update aias_private.integrations as i
    set
        refresh_holder = null,
        refresh_held_until = null,
        refresh_began_at = case when p_is_unknown then i.refresh_began_at else p_interrupted_at end,
        refresh_failure_count = i.refresh_failure_count + 1,
        refresh_after = aias_private.now()
        + least(interval '5 seconds' * power(2, least(i.refresh_failure_count, 10)), interval '10 minutes')
    where
        i.tenant_id = p_tenant
        and i.id = p_integration
        and i.credential_version = p_credential_version
        and i.refresh_holder = p_holder
    returning i.refresh_failure_count into v_count;
    if not found then
        return;
    end if;
    if p_is_refused then
        perform aias_private.set_integration_status(
            p_tenant, p_integration, p_credential_version, 'revoked', p_reason
        );
    elsif v_count >= 3 then
        perform aias_private.set_integration_status(
            p_tenant, p_integration, p_credential_version, 'failing', p_reason
        );
    end if;
end;
$$;
revoke execute on function
aias_private.give_up_refresh(uuid, uuid, integer, text, boolean, boolean, timestamptz, text)
from public;
grant execute on function
aias_private.give_up_refresh(uuid, uuid, integer, text, boolean, boolean, timestamptz, text)
to aias_worker, aias_admin;
comment on function
aias_private.give_up_refresh(uuid, uuid, integer, text, boolean, boolean, timestamptz, text) is
'Notes that a refresh was refused or failed, and when it may be tried again.';
