-- aias_private.due_refreshes: the connections whose tokens are about to end.
--
-- Caller    the periodic task; claim_refresh decides who of several callers asks the upstream.
-- Promise   those whose token ends within p_ahead, the next to end first.
-- Plan      integrations_expiry_idx.
create or replace function aias_private.due_refreshes(
    p_ahead interval,
    p_limit integer
)
returns table (
    tenant_id uuid,
    integration_id uuid,
    credential_version integer
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select i.tenant_id, i.id, i.credential_version
    from aias_private.integrations as i
    where
        i.grant_type is not null
        and i.status <> 'revoked'
        and i.token_expires_at < aias_private.now() + p_ahead
        and coalesce(i.refresh_held_until, '-infinity') <= aias_private.now()
        and coalesce(i.refresh_after, '-infinity') <= aias_private.now()
    order by i.token_expires_at
    limit p_limit
$$;
revoke execute on function aias_private.due_refreshes(interval, integer) from public;
grant execute on function aias_private.due_refreshes(interval, integer) to aias_worker, aias_admin;
comment on function aias_private.due_refreshes(interval, integer) is
'Lists the connections whose tokens end soon and can be refreshed now.';
