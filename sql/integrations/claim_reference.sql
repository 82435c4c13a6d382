-- aias_private.claim_reference: the right to make one thing at an upstream, by our reference for it.
--
-- Caller    an action that finds or creates, before it looks.
-- Promise   one holder at a time: whoever is granted the claim may look and create, everyone else waits or comes back.
--           The same holder (a step after a crash) is granted its own claim again at once; another one when the
--           claim has run out. What was noted before comes back in remote_id; the holder checks that it still exists.
-- Locks     the reference's row, for this statement only: nothing is held while the upstream is called.
-- Errors    JR404 no such connection; JR422 the lease is not positive.
create or replace function aias_private.claim_reference(
    p_tenant uuid,
    p_integration uuid,
    p_kind text,
    p_reference text,
    p_holder text,
    p_lease interval
)
returns table (
    is_granted boolean,
    remote_id text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_now constant timestamptz := aias_private.now();
begin
    if p_lease is null or p_lease <= interval '0' then
        raise exception 'a lease is longer than nothing' using errcode = 'JR422', column = 'p_lease';
    end if;
    insert into aias_private.integration_references as r (
        tenant_id, integration_id, kind, reference, holder, held_until
    )
    values (p_tenant, p_integration, p_kind, p_reference, p_holder, v_now + p_lease)
    on conflict (tenant_id, integration_id, kind, reference) do update
    set holder = excluded.holder, held_until = excluded.held_until
    where r.holder is null or r.holder = excluded.holder or r.held_until <= v_now
    returning true, r.remote_id into is_granted, remote_id;
    if not found then
        is_granted := false;
    end if;
    return next;
exception
    when foreign_key_violation then
        raise exception 'the connection is gone' using errcode = 'JR404', column = 'p_integration';
end;
$$;
revoke execute on function aias_private.claim_reference(uuid, uuid, text, text, text, interval) from public;
grant execute on function aias_private.claim_reference(uuid, uuid, text, text, text, interval)
to aias_worker, aias_admin;
comment on function aias_private.claim_reference(uuid, uuid, text, text, text, interval) is
'Grants one holder at a time the right to make the thing with this reference, and says what was made before.';
