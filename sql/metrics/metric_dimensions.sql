-- aias_private.metric_dimensions: the metrics, and what each is told apart by.
create or replace function aias_private.metric_dimensions()
returns table (
    metric text,
    dimension text,
    place integer
)
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select m.metric, m.dimension, m.place
    from (
        values
        ('requests', 'endpoint', 1),
        ('requests', 'tenant', 2),
        ('requests', 'plan', 3),
        ('upstream_calls', 'integration', 1),
        ('upstream_calls', 'operation', 2),
        ('upstream_calls', 'tenant', 3),
        ('upstream_calls', 'plan', 4),
        ('statements', 'statement', 1),
        ('steps', 'action', 1),
        ('steps', 'workflow', 2),
        ('steps', 'tenant', 3),
        ('steps', 'plan', 4),
        ('executions', 'workflow', 1),
        ('executions', 'tenant', 2),
        ('executions', 'plan', 3),
        ('queue_wait', 'lane', 1),
        ('queue_wait', 'tenant', 2),
        ('queue_wait', 'plan', 3)
    ) as m(metric, dimension, place)
$$;
revoke execute on function aias_private.metric_dimensions() from public;
comment on function aias_private.metric_dimensions() is 'The metrics, and what each is told apart by.';
