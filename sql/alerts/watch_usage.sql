-- aias_private.watch_usage: how much of its plan a tenant has used this month.
--
-- Caller    aias_private.evaluate_alerts, for the rules of the source usage.
-- Promise   percent of what the plan includes of each measure, by calendar month (UTC); what is unlimited has none. As of the
--           minute's count (aias.usage).
-- requires: aias_private.plan_quotas
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
        t.id,
        u.measure,
        100.0 * u.used_count / q.quota,
        jsonb_build_object(
            'measure', u.measure, 'used', u.used_count, 'included', q.quota, 'plan', t.plan, 'refused', q.is_hard
        )
    from aias_private.usage_months as u
    inner join aias_private.tenants as t on t.id = u.tenant_id
    inner join aias_private.plan_quotas as q on q.plan = t.plan and q.measure = u.measure
    where
        u.month = date_trunc('month', aias_private.now() at time zone 'UTC')::date
        and q.quota is not null
        and u.used_count > 0
$$;
revoke execute on function aias_private.watch_usage(interval) from public;
comment on function aias_private.watch_usage(interval) is
'The percentage of what its plan includes that each tenant has used this month, by measure.';
