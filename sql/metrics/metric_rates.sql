-- aias_private.metric_rates: a row of a rollup under each of the keys by which error rates are told apart.
create or replace function aias_private.metric_rates(
    p_metric text,
    p_key text,
    p_detail text,
    p_plan text,
    p_tenant text
)
returns table (
    dimension text,
    key text
)
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select d.dimension, d.key
    from (
        values
        ('all', ''),
        (
            case p_metric
                when 'requests' then 'endpoint'
                when 'upstream_calls' then 'integration'
                when 'executions' then 'workflow'
                when 'steps' then 'action'
            end,
            p_key
        ),
        (case p_metric when 'steps' then 'workflow' end, p_detail),
        ('plan', nullif(p_plan, '')),
        ('tenant', p_tenant)
    ) as d(dimension, key)
    where d.dimension is not null and d.key is not null
$$;
revoke execute on function aias_private.metric_rates(text, text, text, text, text) from public;
-- the views call it on behalf of whoever reads them
grant execute on function aias_private.metric_rates(text, text, text, text, text)
to aias_app, aias_worker, aias_analyst, aias_admin;
comment on function aias_private.metric_rates(text, text, text, text, text) is
'The keys under which the observations of a row count in error rates.';
