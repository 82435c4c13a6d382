-- aias_private.begin_samples: take a tenant's samples up to install them.
--
-- Caller    the task aias.install_samples, and whoever signs a tenant up; in the transaction that installs them.
-- Promise   a row for one caller only, and only while they are due: what was installed or removed is left alone. The transaction
--           rolls back, and they are due again.
-- Locks     the tenant's row of samples.
create or replace function aias_private.begin_samples(p_tenant uuid)
returns table (
    tenant text,
    industry text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform
    from aias_private.tenant_samples as s
    where s.tenant_id = p_tenant and s.status = 'due'
    for update;
    if found then
        return query
        select t.slug, t.industry from aias_private.tenants as t where t.id = p_tenant;
    end if;
end;
$$;
revoke execute on function aias_private.begin_samples(uuid) from public;
grant execute on function aias_private.begin_samples(uuid) to aias_worker, aias_admin;
comment on function aias_private.begin_samples(uuid) is
'The tenant whose samples are to be installed, locked; no row where they are not due.';
