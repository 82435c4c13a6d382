-- aias.webhook_secret: the sealed secret of a tenant's webhook, to be rotated.
--
-- Caller    aias.triggers in Python, which alone can open it: what comes back is sealed, and tells nothing without the master key.
-- Errors    JR404 no such tenant or webhook.
-- requires: aias_private.tenant_by_slug
create or replace function aias.webhook_secret(
    p_tenant text,
    p_kind text,
    p_name text
)
returns table (
    tenant_id uuid,
    id uuid,
    config jsonb,
    secret bytea,
    key_id text,
    wrapped_key bytea,
    master_key_id text,
    now timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_tenant constant uuid := aias_private.tenant_by_slug(p_tenant);
begin
    return query
    select i.tenant_id, i.id, i.config, i.secret, i.key_id, k.wrapped, k.master_key_id, aias_private.now()
    from aias_private.integrations as i
    left join aias_private.tenant_keys as k on k.tenant_id = i.tenant_id and k.id = i.key_id
    where i.tenant_id = v_tenant and i.kind = p_kind and i.kind in ('webhook_in', 'webhook_out') and i.name = p_name;
    if not found then
        raise exception 'there is no webhook %', coalesce(quote_literal(p_name), 'null')
            using errcode = 'JR404', column = 'p_name';
    end if;
end;
$$;
revoke execute on function aias.webhook_secret(text, text, text) from public;
grant execute on function aias.webhook_secret(text, text, text) to aias_app, aias_admin;
comment on function aias.webhook_secret(text, text, text) is
'The sealed secret of a tenant''s webhook, to be rotated; only Python, with the master key, can open it.';
