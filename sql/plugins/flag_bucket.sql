-- aias_private.flag_bucket: where a tenant stands in the order in which a flag reaches tenants, 0 to 9999.
--
-- Promise   the same for ever: a percentage that grows keeps those who have the flag, and each flag has its own order, so
--           that no tenant is the first for everything. Equal parts of SHA-256, of the flag's name and the tenant's id.
create or replace function aias_private.flag_bucket(
    p_flag text,
    p_tenant uuid
)
returns integer
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select (
        (get_byte(h.digest, 0) * 16777216::bigint + get_byte(h.digest, 1) * 65536
            + get_byte(h.digest, 2) * 256 + get_byte(h.digest, 3)) % 10000
    )::integer
    from (select sha256(convert_to(p_flag || ':' || p_tenant, 'UTF8')) as digest) as h
$$;
revoke execute on function aias_private.flag_bucket(text, uuid) from public;
comment on function aias_private.flag_bucket(text, uuid) is
'Where a tenant stands in the order in which a flag reaches tenants: 0 to 9999, always the same.';
