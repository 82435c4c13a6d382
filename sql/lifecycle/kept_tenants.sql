-- aias_private.kept_tenants: whose rows of a table stay, though the policy would have them go.
--
-- Caller    everything that removes rows: p_until is the latest time that a row in question can have.
-- Promise   the tenants under a hold, and those whose own age reaches back beyond p_until.
create or replace function aias_private.kept_tenants(
    p_table text,
    p_until timestamptz
)
returns uuid[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(array_agg(distinct o.tenant_id), '{}')
    from aias_private.retention_overrides as o
    where
        o.table_name in ('*', p_table)
        and (o.age is null or p_until > aias_private.now() - o.age)
$$;
revoke execute on function aias_private.kept_tenants(text, timestamptz) from public;
comment on function aias_private.kept_tenants(text, timestamptz) is
'The tenants whose rows of a table, up to a time, are kept longer than the policy says.';
