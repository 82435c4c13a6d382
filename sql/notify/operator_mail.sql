-- aias_private.operator_mail: the mail server of the platform's operators, with its sealed secret.
--
-- Promise   the channel of the kind email that was made first, among those that are enabled; no row where there is none.
-- requires: aias_private.nil_uuid
create or replace function aias_private.operator_mail()
returns table (
    id uuid,
    name text,
    config jsonb,
    secret bytea,
    key_id text,
    wrapped_key bytea,
    master_key_id text
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select
        c.id,
        c.name,
        c.config,
        c.secret,
        c.key_id,
        k.wrapped,
        k.master_key_id
    from aias_private.channels as c
    inner join aias_private.operator_keys as k on c.key_id = k.id
    where c.tenant_id = aias_private.nil_uuid() and c.kind = 'email' and c.is_enabled
    order by c.id
    limit 1
$$;
revoke execute on function aias_private.operator_mail() from public;
grant execute on function aias_private.operator_mail() to aias_admin;
comment on function aias_private.operator_mail() is
'The mail server of the operators'' first channel of the kind email, with its sealed secret.';
