-- aias_private.collect_telemetry_charges: count what was charged beside a tenant's rate into it.
--
-- Caller    take_telemetry, for its tenants; the system's periodic work, every minute, for all (null).
-- Promise   what the rate allows is the same before and after; few charges are left to be added up.
-- Locks     the tenants' rates, in the order of their ids, until the transaction ends.
-- requires: aias_private.telemetry_debt
create or replace function aias_private.collect_telemetry_charges(p_tenants uuid[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid;
    v_now constant timestamptz := aias_private.now();
begin
    for v_tenant in
        select distinct t.id
        from aias_private.tenants as t
        where
            case
                when p_tenants is null
                    then t.id in (select c.tenant_id from aias_private.telemetry_charges as c)
                else t.id = any(p_tenants)
            end
        order by t.id
    loop
        insert into aias_private.telemetry_rates as r (tenant_id, theoretical_arrival_at)
        values (v_tenant, v_now)
        on conflict (tenant_id) do update set theoretical_arrival_at = r.theoretical_arrival_at;
        continue when not exists (select from aias_private.telemetry_charges as c where c.tenant_id = v_tenant);
        -- in one statement, and so of one snapshot: what is deleted is what was counted
        with debt as materialized (
            select d.ahead from aias_private.telemetry_debt(v_tenant, 0) as d
        ),

        collected as (
            delete from aias_private.telemetry_charges as c where c.tenant_id = v_tenant
        )

        update aias_private.telemetry_rates as r
        set theoretical_arrival_at = v_now + make_interval(secs => d.ahead)
        from debt as d
        where r.tenant_id = v_tenant;
    end loop;
end;
$$;
revoke execute on function aias_private.collect_telemetry_charges(uuid[]) from public;
grant execute on function aias_private.collect_telemetry_charges(uuid[]) to aias_worker, aias_admin;
comment on function aias_private.collect_telemetry_charges(uuid[]) is
'Counts events that were tracked in applications'' own transactions into the rates of their tenants.';
