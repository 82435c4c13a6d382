-- aias.error_rates: how much of what happened in a window failed, from the rollups.
--
-- Promise   the window, its cost and who sees what: as aias_private.metric_window. A failure is ours or an upstream's; what was turned
--           away (a caller's fault, a cancelled execution, a throttled call) is a refusal and no failure. The most failures first.
-- Errors    JR422 as aias_private.metric_window.
-- requires: aias_private.metric_window
create or replace function aias.error_rates(
    p_metric text,
    p_from timestamptz default null,
    p_to timestamptz default null,
    p_by text default null
)
returns table (
    key text,
    count bigint,
    failure_count bigint,
    refusal_count bigint,
    error_rate numeric,
    mean_seconds double precision
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select
        w.key,
        sum(w.observation_count)::bigint as count,
        sum(w.failure_count)::bigint as failure_count,
        sum(w.refusal_count)::bigint as refusal_count,
        round(sum(w.failure_count) / nullif(sum(w.observation_count), 0), 6) as error_rate,
        sum(w.total_seconds) / nullif(sum(w.observation_count), 0)::double precision as mean_seconds
    from aias_private.metric_window(p_metric, p_from, p_to, p_by) as w
    group by w.key
    order by 3 desc, 2 desc, 1
$$;
revoke execute on function aias.error_rates(text, timestamptz, timestamptz, text) from public;
grant execute on function aias.error_rates(text, timestamptz, timestamptz, text)
to aias_app, aias_worker, aias_analyst, aias_admin;
comment on function aias.error_rates(text, timestamptz, timestamptz, text) is
'How much of what happened in a window failed or was refused, and how long it took on average, by endpoint, integration, workflow, tenant, plan and more.';
