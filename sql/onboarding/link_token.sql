-- aias_private.link_token: what stands for a person in the links of mails, and can't be made up.
--
-- Promise   the person's id and 16 bytes of a keyed hash over it, in base64url (43 characters). The hash is nested, inner and outer key a block
--           each (NMAC; RFC 2104 with two keys), because PostgreSQL has SHA-256 and no HMAC of its own. It opens one door: unsubscribing.
create or replace function aias_private.link_token(p_user uuid)
returns text
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select translate(
        encode(
            uuid_send(p_user) || substring(sha256(k.outer_key || sha256(k.inner_key || uuid_send(p_user))) from 1 for 16),
            'base64'
        ),
        '+/=',
        '-_'
    )
    from aias_private.link_keys as k
$$;
revoke execute on function aias_private.link_token(uuid) from public;
comment on function aias_private.link_token(uuid) is 'What stands for a person in the links of mails, and can''t be made up.';
