-- aias_private.link_person: whom a link in a mail is about.
--
-- Caller    the HTTP server, for whoever follows the link; nobody has signed in.
-- Promise   no row for what the system did not make, or for a person who is gone.
-- requires: aias_private.link_token
create or replace function aias_private.link_person(p_token text)
returns table (
    tenant_id uuid,
    user_id uuid,
    language text,
    is_subscribed boolean
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_user uuid;
begin
    if p_token is null or p_token !~ '^[A-Za-z0-9_-]{43}$' then
        return;
    end if;
    v_user := encode(substring(decode(translate(p_token, '-_', '+/') || '=', 'base64') from 1 for 16), 'hex')::uuid;
    if aias_private.link_token(v_user) is distinct from p_token then
        return;
    end if;
    return query
    select u.tenant_id, u.id, coalesce(u.language, t.language, 'en'), f.unsubscribed_at is null
    from aias_private.users as u
    inner join aias_private.tenants as t on t.id = u.tenant_id
    left join aias_private.mail_preferences as f on f.tenant_id = u.tenant_id and f.user_id = u.id
    where u.id = v_user;
end;
$$;
revoke execute on function aias_private.link_person(text) from public;
grant execute on function aias_private.link_person(text) to aias_admin;
comment on function aias_private.link_person(text) is 'Whom a link in a mail is about; no row for a link that the system did not make.';
