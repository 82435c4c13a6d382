-- aias_private.count_upstream_calls: add calls to the counts of their minute and to what the breakers decide by.
--
-- Caller    note_upstream_calls. p_calls is an array of
--             {"tenant", "integration", "operation", "status_class", "count", "failures", "total_ms", "max_ms", "buckets", "counts"}
--           the last two being the histogram of how long they took, as aias_private.add_observations has it.
-- Promise   calls of connections that are gone are left out; the integration 00000000-... stands for addresses of the steps'
--           own, which have no breaker. Windows of more than a minute ago are forgotten.
--           Calls of samples' connections are not counted; their breakers decide by them all the same.
-- Locks     the counts by id, then the windows by connection.
-- requires: aias_private.add_observations
-- requires: aias_private.nil_uuid
-- requires: aias_private.upstream_call_id
create or replace function aias_private.count_upstream_calls(p_calls jsonb)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := aias_private.now();
begin
    insert into aias_private.upstream_calls as u (
        tenant_id, id, integration_id, kind, connection, operation, status_class,
        call_count, failure_count, total_ms, max_ms
    )
    select
        c.tenant,
        k.id,
        c.integration,
        coalesce(i.kind, 'http'),
        coalesce(i.name, ''),
        k.operation,
        c.status_class,
        sum(c.count),
        sum(c.failures),
        sum(c.total_ms),
        max(c.max_ms)
    from jsonb_to_recordset(p_calls) as c(
        tenant uuid,
        integration uuid,
        operation text,
        status_class text,
        count integer,
        failures integer,
        total_ms double precision,
        max_ms double precision
    )
    left join aias_private.integrations as i on i.tenant_id = c.tenant and i.id = c.integration
    cross join lateral (
        select
            left(c.operation, 100) as operation,
            aias_private.upstream_call_id(
                date_trunc('minute', v_now), c.integration, left(c.operation, 100), c.status_class
            ) as id
    ) as k
    where
        i.id is not null and not i.is_sample
        or (
            c.integration = aias_private.nil_uuid()
            and exists (select from aias_private.tenants as t where t.id = c.tenant)
        )
    group by c.tenant, k.id, c.integration, i.kind, i.name, k.operation, c.status_class
    order by c.tenant, k.id
    on conflict (tenant_id, id) do update
    set
        call_count = u.call_count + excluded.call_count,
        failure_count = u.failure_count + excluded.failure_count,
        total_ms = u.total_ms + excluded.total_ms,
        max_ms = greatest(u.max_ms, excluded.max_ms);
    perform aias_private.add_observations(
        jsonb_agg(
            jsonb_build_object(
                'metric', 'upstream_calls',
                'tenant', c.tenant,
                'key', coalesce(i.kind, 'http'),
                'detail', left(c.operation, 100),
                'count', c.count,
                'failures', c.failures,
                'refusals', case when c.status_class in ('4xx', 'throttled') then c.count - c.failures else 0 end,
                'total', c.total_ms / 1000,
                'buckets', c.buckets,
                'counts', c.counts
            )
        )
    )
    from jsonb_to_recordset(p_calls) as c(
        tenant uuid,
        integration uuid,
        operation text,
        status_class text,
        count integer,
        failures integer,
        total_ms double precision,
        buckets jsonb,
        counts jsonb
    )
    left join aias_private.integrations as i on i.tenant_id = c.tenant and i.id = c.integration
    where
        c.buckets is not null
        and (i.id is not null and not i.is_sample or c.integration = aias_private.nil_uuid())
    having count(*) > 0;
    insert into aias_private.breaker_windows as b (tenant_id, integration_id, started_at, call_count, failure_count)
    select
        i.tenant_id,
        i.id,
        date_bin(interval '10 seconds', v_now, timestamptz '2000-01-01 00:00:00+00'),
        sum(c.count),
        sum(c.failures)
    from jsonb_to_recordset(p_calls) as c(tenant uuid, integration uuid, count integer, failures integer)
    inner join aias_private.integrations as i on i.tenant_id = c.tenant and i.id = c.integration
    group by i.tenant_id, i.id
    order by i.tenant_id, i.id
    on conflict (tenant_id, integration_id, started_at) do update
    set
        call_count = b.call_count + excluded.call_count,
        failure_count = b.failure_count + excluded.failure_count;
    delete from aias_private.breaker_windows as b
    where
        b.started_at < v_now - interval '70 seconds'
        and (b.tenant_id, b.integration_id) in (
            select c.tenant, c.integration
            from jsonb_to_recordset(p_calls) as c(tenant uuid, integration uuid)
        );
end;
$$;
revoke execute on function aias_private.count_upstream_calls(jsonb) from public;
comment on function aias_private.count_upstream_calls(jsonb) is
'Adds calls to the counts of their minute and to the windows of the breakers.';
