-- aias_private.mail_channel: the operators' channel by which people are written to.
--
-- Promise   the oldest of the operators' channels for mail that is enabled and names `onboarding` among its kinds; null where there is
--           none. Its recipients get its test messages only.
-- requires: aias_private.nil_uuid
create or replace function aias_private.mail_channel()
returns uuid
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select c.id
    from aias_private.channels as c
    where
        c.tenant_id = aias_private.nil_uuid()
        and c.kind = 'email'
        and c.is_enabled
        and 'onboarding' = any(c.kinds)
    order by c.id
    limit 1
$$;
revoke execute on function aias_private.mail_channel() from public;
grant execute on function aias_private.mail_channel() to aias_app, aias_worker, aias_admin;
comment on function aias_private.mail_channel() is 'The operators'' channel by which people are written to; null where there is none.';
