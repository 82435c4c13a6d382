-- aias_private.watch_error_rate: how many percent of a tenant's executions fail.
--
-- Caller    aias_private.evaluate_alerts, for the rules of the source error_rate.
-- Promise   of the executions that began in the window and have ended; a tenant with fewer than 20 of them has no rate.
--           Samples are left out.
-- Plan      executions_id_idx, by the window: what is older is not read.
create or replace function aias_private.watch_error_rate(p_window interval)
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
        e.tenant_id,
        '',
        100.0 * count(*) filter (where e.status = 'failed') / count(*),
        jsonb_build_object('failed', count(*) filter (where e.status = 'failed'), 'ended', count(*))
    from aias_private.executions as e
    where
        e.id >= aias_private.uuid7_floor(aias_private.now() - p_window)
        and e.status in ('succeeded', 'failed')
        and not exists (
            select from aias_private.workflows as w
            where w.tenant_id = e.tenant_id and w.id = e.workflow_id and w.is_sample
        )
    group by e.tenant_id
    having count(*) >= 20
$$;
revoke execute on function aias_private.watch_error_rate(interval) from public;
comment on function aias_private.watch_error_rate(interval) is
'The percentage of failures among the executions of each tenant within the window.';
