-- aias_private.take_telemetry: let the events of calls in under their tenants' rates, or say when to come back.
--
-- Caller    the HTTP server, in a transaction of its own before the events are stored.
-- Promise   one row per call, in order: a call goes whole or not at all, and one that is refused takes nothing.
-- Locks     the tenants' rates, in the order of their ids, until the transaction ends.
-- requires: aias_private.collect_telemetry_charges
-- requires: aias_private.telemetry_debt
create or replace function aias_private.take_telemetry(
    p_tenants uuid[],
    p_counts integer[]
)
returns table (
    quota integer,
    retry_after double precision
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_now constant timestamptz := aias_private.now();
    v_debt record;
begin
    -- Nobody waits for a disk here: nothing of this outlives a crash.
    perform set_config('synchronous_commit', 'off', true);
    perform aias_private.collect_telemetry_charges(p_tenants);
    for v_place in 1..coalesce(cardinality(p_tenants), 0) loop
        select d.quota, d.ahead, d.step, d.retry_after into v_debt
        from aias_private.telemetry_debt(p_tenants[v_place], p_counts[v_place]) as d;
        quota := v_debt.quota;
        retry_after := v_debt.retry_after;
        if retry_after = 0 then
            -- charges that have come since are added up as long as they are not collected
            update aias_private.telemetry_rates as r
            set
                theoretical_arrival_at
                = greatest(r.theoretical_arrival_at, v_now) + make_interval(secs => p_counts[v_place] * v_debt.step)
            where r.tenant_id = p_tenants[v_place];
        end if;
        return next;
    end loop;
end;
$$;
revoke execute on function aias_private.take_telemetry(uuid[], integer[]) from public;
grant execute on function aias_private.take_telemetry(uuid[], integer[]) to aias_admin;
comment on function aias_private.take_telemetry(uuid[], integer[]) is
'Counts events of calls under their tenants'' plans, and says of each call after how many seconds it may come: 0 is now.';
