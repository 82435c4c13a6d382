-- aias_private.settle_reference: give a claim back, and note what came of it.
--
-- Caller    the holder of the claim; p_remote_id is null when nothing was made or found.
-- Promise   a holder whose claim went to another changes nothing, and is told so by false.
-- Locks     the reference's row.
create or replace function aias_private.settle_reference(
    p_tenant uuid,
    p_integration uuid,
    p_kind text,
    p_reference text,
    p_holder text,
    p_remote_id text
)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update aias_private.integration_references as r
    set
        holder = null,
        held_until = null,
        remote_id = coalesce(p_remote_id, r.remote_id),
        noted_at = case when p_remote_id is null then r.noted_at else aias_private.now() end
    where
        r.tenant_id = p_tenant
        and r.integration_id = p_integration
        and r.kind = p_kind
        and r.reference = p_reference
        and r.holder = p_holder;
    return found;
end;
$$;
revoke execute on function aias_private.settle_reference(uuid, uuid, text, text, text, text) from public;
grant execute on function aias_private.settle_reference(uuid, uuid, text, text, text, text)
to aias_worker, aias_admin;
comment on function aias_private.settle_reference(uuid, uuid, text, text, text, text) is
'Gives a claim back and notes the id of what was made.';
