-- aias_private.watch_latency: connections whose calls take longer than they used to.
--
-- Caller    aias_private.evaluate_alerts, for the rules of the source latency.
-- Promise   the mean of the window over the mean of the day before it, for the operation that fares worst; from 20 calls in the
--           window and 100 before it on.
-- Plan      upstream_calls_pkey, per tenant by the minutes of a day.
create or replace function aias_private.watch_latency(p_window interval)
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
    with spans as (
        select
            u.tenant_id,
            u.kind,
            u.connection,
            u.operation,
            u.id >= aias_private.uuid7_floor(aias_private.now() - p_window) as is_now,
            sum(u.call_count) as call_count,
            sum(u.total_ms) / sum(u.call_count) as mean_ms
        from aias_private.tenants as t
        inner join aias_private.upstream_calls as u
            on
                u.tenant_id = t.id
                and u.id >= aias_private.uuid7_floor(aias_private.now() - p_window - interval '1 day')
        group by 1, 2, 3, 4, 5
    )

    select distinct on (n.tenant_id, n.kind, n.connection)
        n.tenant_id,
        n.kind || ':' || n.connection,
        n.mean_ms / greatest(b.mean_ms, 1),
        jsonb_build_object(
            'operation', n.operation, 'mean_ms', round(n.mean_ms::numeric, 1), 'usual_ms', round(b.mean_ms::numeric, 1)
        )
    from spans as n
    inner join spans as b
        on b.tenant_id = n.tenant_id
        and b.kind = n.kind
        and b.connection = n.connection
        and b.operation = n.operation
        and not b.is_now
    where n.is_now and n.call_count >= 20 and b.call_count >= 100
    order by n.tenant_id, n.kind, n.connection, n.mean_ms / greatest(b.mean_ms, 1) desc
$$;
revoke execute on function aias_private.watch_latency(interval) from public;
comment on function aias_private.watch_latency(interval) is
'The calls of each connection, as a multiple of the time that they took on the day before.';
