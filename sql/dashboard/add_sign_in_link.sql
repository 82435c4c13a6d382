-- aias_private.add_sign_in_link: store the hash of a link that signs a person in once.
--
-- Promise   a person has at most five links at a time: the oldest goes for a sixth.
create or replace function aias_private.add_sign_in_link(
    p_tenant uuid,
    p_user uuid,
    p_token_hash bytea,
    p_lifetime interval
)
returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    delete from aias_private.sign_in_links as l
    where l.tenant_id = p_tenant and l.user_id = p_user and l.id in (
        select o.id
        from aias_private.sign_in_links as o
        where o.tenant_id = p_tenant and o.user_id = p_user
        order by o.id desc
        offset 4
    );
    insert into aias_private.sign_in_links (tenant_id, user_id, token_hash, expires_at)
    values (p_tenant, p_user, p_token_hash, aias_private.now() + p_lifetime);
$$;
revoke execute on function aias_private.add_sign_in_link(uuid, uuid, bytea, interval) from public;
grant execute on function aias_private.add_sign_in_link(uuid, uuid, bytea, interval) to aias_admin;
comment on function aias_private.add_sign_in_link(uuid, uuid, bytea, interval) is
'Stores the hash of a link that signs a person in to the dashboard once.';
