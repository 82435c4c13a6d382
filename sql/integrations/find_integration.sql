-- aias_private.find_integration: the connection that a step needs.
--
-- Caller    an action, through aias.integrations; the secret comes sealed.
-- Promise   with a name: that one. Without: the tenant's only one of the kind, samples not
--           counted. Its key comes along, wrapped; none for
--           rows of the first version, which the master key opens by itself.
-- Plan      integrations_kind_name_key.
-- Errors    JR404 there is none; JR409 there are several and no name says which.
create or replace function aias_private.find_integration(
    p_tenant uuid,
    p_kind text,
    p_name text
)
returns table (
    id uuid,
    name text,
    config jsonb,
    secret bytea,
    key_id text,
    connected_at timestamptz,
    wrapped_key bytea,
    master_key_id text,
    credential_version integer,
    status text,
    status_reason text,
    grant_type text,
    token_lasts interval
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_names text[];
begin
    select array_agg(i.name order by i.name) into v_names
    from aias_private.integrations as i
    where i.tenant_id = p_tenant and i.kind = p_kind and (p_name is null and not i.is_sample or i.name = p_name);
    if v_names is null then
        if p_name is null then
            raise exception 'there is no % connection: connect one', p_kind using errcode = 'JR404', column = 'p_kind';
        end if;
        raise exception 'there is no % connection %', p_kind, quote_literal(p_name)
            using errcode = 'JR404', column = 'p_name';
    end if;
    if cardinality(v_names) > 1 then
        raise exception 'there are several % connections (%): name one of them in the step', p_kind,
            array_to_string(v_names, ', ')
            using errcode = 'JR409', column = 'p_name';
    end if;
    return query
    select
        i.id,
        i.name,
        i.config,
        i.secret,
        i.key_id,
        i.connected_at,
        k.wrapped,
        k.master_key_id,
        i.credential_version,
        i.status,
        i.status_reason,
        i.grant_type,
        i.token_expires_at - aias_private.now()
    from aias_private.integrations as i
    left join aias_private.tenant_keys as k on k.tenant_id = i.tenant_id and k.id = i.key_id
    where i.tenant_id = p_tenant and i.kind = p_kind and i.name = v_names[1];
end;
$$;
revoke execute on function aias_private.find_integration(uuid, text, text) from public;
grant execute on function aias_private.find_integration(uuid, text, text) to aias_worker, aias_admin;
comment on function aias_private.find_integration(uuid, text, text) is
'The connection that a step names, or the tenant''s only one of the kind, with its sealed secret.';
