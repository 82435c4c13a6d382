-- aias.add_tenant_key: give a tenant the key that its secrets are sealed under.
--
-- Caller    aias.integrations in Python, which made the key and wrapped it. p_replaces is the key that it takes the place
--           of (a rotation); null for the tenant's first.
-- Promise   a tenant has one current key. Of two callers at once the second is given the first one's key back: what
--           comes back is the current key, whoever made it. A replaced key stays until nothing is sealed under it.
-- Locks     the tenant's current key.
-- Errors    JR404 no such tenant; JR422 an argument is malformed.
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
create or replace function aias.add_tenant_key(
    p_tenant text,
    p_key text,
    p_wrapped bytea,
    p_master_key text,
    p_replaces text default null
)
returns text
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.tenant_by_slug(p_tenant);
    v_now constant timestamptz := aias_private.now();
    v_current text;
begin
    if p_key is null or p_key !~ '^[0-9a-f]{16}$' or p_master_key is null or p_master_key !~ '^[0-9a-f]{16}$' then
        raise exception 'a key''s id has 16 hexadecimal digits' using errcode = 'JR422', column = 'p_key';
    end if;
    if p_wrapped is null or octet_length(p_wrapped) <> 61 then
        raise exception 'the key is not wrapped' using errcode = 'JR422', column = 'p_wrapped';
    end if;
    update aias_private.tenant_keys as k
    set status = 'retired', retired_at = v_now
    where k.tenant_id = v_tenant and k.status = 'current' and k.id = p_replaces;
    insert into aias_private.tenant_keys (tenant_id, id, wrapped, master_key_id, created_at)
    values (v_tenant, p_key, p_wrapped, p_master_key, v_now)
    on conflict (tenant_id) where status = 'current' do nothing;
    if found then
        perform aias_private.record_audit(
            v_tenant,
            case when p_replaces is null then 'tenant_key.made' else 'tenant_key.rotated' end,
            'tenant_key',
            p_key,
            jsonb_build_object('master_key_id', p_master_key, 'replaces', p_replaces)
        );
        return p_key;
    end if;
    select k.id into strict v_current
    from aias_private.tenant_keys as k
    where k.tenant_id = v_tenant and k.status = 'current';
    return v_current;
end;
$$;
revoke execute on function aias.add_tenant_key(text, text, bytea, text, text) from public;
grant execute on function aias.add_tenant_key(text, text, bytea, text, text) to aias_app, aias_worker, aias_admin;
comment on function aias.add_tenant_key(text, text, bytea, text, text) is
'Gives a tenant its first key, or the one that replaces its current one. Returns the id of the key that is current.';
