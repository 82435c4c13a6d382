-- aias_private.watch_failed_for_good: what failed for good and lies in the dead letters.
--
-- Caller    aias_private.evaluate_alerts, for the rules of the source failed_for_good.
-- Promise   dead letters of the window that nobody has requeued or discarded, one row per workflow or task: a thousand failures
--           of one workflow are one alert. Samples alert nobody.
-- Plan      dead_letters_id_idx, by the window.
create or replace function aias_private.watch_failed_for_good(p_window interval)
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
        d.tenant_id,
        coalesce('workflow:' || w.name, 'task:' || (d.snapshot ->> 'task_name'), d.kind),
        count(*)::double precision,
        jsonb_build_object('last_reason', left((array_agg(d.reason order by d.id desc))[1], 300), 'last_dead_letter', max(d.id::text))
    from aias_private.dead_letters as d
    left join aias_private.executions as e on e.tenant_id = d.tenant_id and e.id = d.execution_id
    left join aias_private.workflows as w on w.tenant_id = e.tenant_id and w.id = e.workflow_id
    where
        d.id >= aias_private.uuid7_floor(aias_private.now() - p_window)
        and d.resolution is null
        and w.is_sample is not true
    group by 1, 2
$$;
revoke execute on function aias_private.watch_failed_for_good(interval) from public;
comment on function aias_private.watch_failed_for_good(interval) is
'The dead letters of the window that nobody has dealt with, by workflow or task.';
