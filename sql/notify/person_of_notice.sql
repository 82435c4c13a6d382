-- aias_private.person_of_notice: whom a mail to a person goes to, as they are now.
--
-- Promise   null where there is no such person any more. What counts opens is in it only where the person consents.
-- requires: aias_private.link_token
create or replace function aias_private.person_of_notice(
    p_tenant uuid,
    p_user uuid
)
returns jsonb
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object(
        'email', u.email,
        'name', u.name,
        'language', coalesce(u.language, t.language, 'en'),
        'time_zone', coalesce(u.time_zone, t.time_zone, 'UTC'),
        'tenant', t.name,
        'trial_ends_at', t.trial_ends_at,
        'token', aias_private.link_token(u.id),
        'is_counted', f.consented_at is not null
    )
    from aias_private.users as u
    inner join aias_private.tenants as t on t.id = u.tenant_id
    left join aias_private.mail_preferences as f on f.tenant_id = u.tenant_id and f.user_id = u.id
    where u.tenant_id = p_tenant and u.id = p_user
$$;
revoke execute on function aias_private.person_of_notice(uuid, uuid) from public;
comment on function aias_private.person_of_notice(uuid, uuid) is 'Whom a mail to a person goes to: address, name, language, the links'' token.';
