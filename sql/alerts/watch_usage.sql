-- aias_private.watch_usage: how much of its plan a tenant has used this month.
--
-- Caller    aias_private.evaluate_alerts, for the rules of the source usage.
-- Promise   percent of the executions that the plan includes, by calendar month (UTC); plans without a quota have none.
-- Plan      one index-only look per tenant with a quota, at the month's executions.
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
        '',
        100.0 * u.used / p.executions_per_month,
        jsonb_build_object('used', u.used, 'included', p.executions_per_month, 'plan', p.name)
    from aias_private.tenants as t
    inner join aias_private.plans as p on p.name = t.plan
    cross join lateral (
        select count(*) as used
        from aias_private.executions as e
        where e.tenant_id = t.id and e.id >= aias_private.uuid7_floor(date_trunc('month', aias_private.now(), 'UTC'))
    ) as u
    where p.executions_per_month is not null and u.used > 0
$$;
revoke execute on function aias_private.watch_usage(interval) from public;
comment on function aias_private.watch_usage(interval) is
'The percentage of its plan''s executions that each tenant has used this month.';
