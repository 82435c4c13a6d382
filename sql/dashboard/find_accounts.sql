-- aias_private.find_accounts: the accounts of an address, for the links that are mailed there.
--
-- Plan      users_lower_email_idx.
create or replace function aias_private.find_accounts(p_email text)
returns table (
    tenant_id uuid,
    tenant text,
    user_id uuid,
    email text
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select
        u.tenant_id,
        t.name,
        u.id,
        u.email
    from aias_private.users as u
    inner join aias_private.tenants as t on u.tenant_id = t.id
    where lower(u.email) = lower(p_email)
    order by u.id
    limit 20
$$;
revoke execute on function aias_private.find_accounts(text) from public;
grant execute on function aias_private.find_accounts(text) to aias_admin;
comment on function aias_private.find_accounts(text) is 'The accounts of an address, in whatever case it is written; 20 at most.';
