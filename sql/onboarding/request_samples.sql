-- aias_private.request_samples: have a tenant's samples installed, unless it has or had them.
--
-- Caller    hear_sign_up, once per event; aias.add_samples, which has taken the former state away.
-- Promise   one job per tenant, however many events say that it signed up, and however often; in the caller's transaction.
-- Locks     the tenant's row of samples, until the transaction that made it ends.
-- requires: aias_private.insert_tenant_job
create or replace function aias_private.request_samples(p_tenant uuid)
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into aias_private.tenant_samples (tenant_id)
    values (p_tenant)
    on conflict (tenant_id) do nothing;
    if not found then
        return false;
    end if;
    perform aias_private.insert_tenant_job(p_tenant, 'aias.install_samples', '{}', null);
    return true;
end;
$$;
revoke execute on function aias_private.request_samples(uuid) from public;
comment on function aias_private.request_samples(uuid) is
'Enqueues the job that installs a tenant''s samples; false where it has or had them.';
