-- aias_private.watch_usage: how much of its plan a tenant has used this month.
--
-- Caller    aias_private.evaluate_alerts, for the rules of the source usage.
-- Promise   percent of each quota of the plan, by calendar month (UTC), as aias.usage has it: metered to the minute.
-- requires: aias.usage
create or replace function aias_private.watch_usage(p_window interval)
returns table (
    tenant_id uuid,
    key text,
    value double precision,
    details jsonb
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select
        u.tenant_id,
        u.measure,
        100 * u.used_ratio,
        jsonb_build_object('used', u.used_count, 'included', u.quota, 'plan', u.plan, 'is_hard', u.is_hard)
    from aias.usage as u
    where
        u.quota is not null
        and u.used_count > 0
        and u.month = date_trunc('month', aias_private.now() at time zone 'UTC')::date
$$;
revoke execute on function aias_private.watch_usage(interval) from public;
comment on function aias_private.watch_usage(interval) is
'The percentage of each quota of its plan that each tenant has used this month.';
