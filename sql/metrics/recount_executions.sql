-- aias_private.recount_executions: bring what the rollups say of a time to what the executions and steps say of it.
--
-- Caller    count_executions, under its lock. Times are whole minutes.
-- Promise   for each minute in [p_from, p_to): executions that ended in it (of those that had started), with their steps, and those that a
--           worker first took in it, with how long they had waited. What was counted and is not so any more is taken away; counting
--           again changes nothing. Samples are not counted.
-- Cost      the executions of that time and their steps.
-- Returns   how many rows of rollups had to change.
-- Plan      executions_finished_at_idx, executions_started_at_idx, steps_pkey, metric_minutes_metric_idx.
-- requires: aias_private.add_to_rollups
-- requires: aias_private.histogram_bucket
create or replace function aias_private.recount_executions(
    p_from timestamptz,
    p_to timestamptz
)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_deltas aias_private.metric_deltas[];
begin
    with ended as materialized (
        select
            e.tenant_id,
            e.id,
            date_trunc('minute', e.finished_at) as at,
            w.name as workflow,
            t.plan,
            e.status,
            extract(epoch from e.finished_at - e.started_at)::double precision as seconds
        from aias_private.executions as e
        inner join aias_private.workflows as w on w.tenant_id = e.tenant_id and w.id = e.workflow_id
        inner join aias_private.tenants as t on t.id = e.tenant_id
        where
            e.finished_at >= p_from
            and e.finished_at < p_to
            and e.started_at is not null
            and not w.is_sample
    ),

    observed as (
        select d.tenant_id, d.at, 'executions' as metric, d.workflow as key, '' as detail, d.plan, d.status, d.seconds
        from ended as d
        union all
        select
            d.tenant_id,
            d.at,
            'steps',
            s.action,
            d.workflow,
            d.plan,
            s.status,
            extract(epoch from s.finished_at - s.started_at)
        from ended as d
        inner join aias_private.steps as s on s.tenant_id = d.tenant_id and s.execution_id = d.id
        where s.status in ('succeeded', 'failed', 'cancelled', 'in_doubt') and s.started_at is not null
        union all
        select
            e.tenant_id,
            date_trunc('minute', e.started_at),
            'queue_wait',
            e.lane,
            '',
            t.plan,
            '',
            extract(epoch from e.started_at - greatest(e.created_at, e.run_at))
        from aias_private.executions as e
        inner join aias_private.tenants as t on t.id = e.tenant_id
        where
            e.started_at >= p_from
            and e.started_at < p_to
            and not exists (
                select from aias_private.workflows as w
                where w.tenant_id = e.tenant_id and w.id = e.workflow_id and w.is_sample
            )
    ),

    parts as (
        select
            o.tenant_id, o.at, o.metric, o.key, o.detail, o.plan,
            aias_private.histogram_bucket(o.seconds) as bucket,
            1 as n,
            (o.status in ('failed', 'in_doubt'))::integer as failures,
            (o.status = 'cancelled')::integer as refusals,
            greatest(o.seconds, 0) as total
        from observed as o
        union all
        select
            m.tenant_id, m.at, m.metric, m.key, m.detail, m.plan,
            u.bucket,
            -u.n,
            case u.place when 1 then -m.failure_count else 0 end,
            case u.place when 1 then -m.refusal_count else 0 end,
            case u.place when 1 then -m.total_seconds else 0 end
        from aias_private.metric_minutes as m
        cross join lateral unnest(m.buckets, m.counts) with ordinality as u(bucket, n, place)
        where
            m.metric in ('executions', 'steps', 'queue_wait')
            and m.at >= p_from
            and m.at < p_to
            and m.id >= aias_private.uuid7_floor(p_from)
            and m.id < aias_private.uuid7_floor(p_to)
    ),

    differences as (
        select
            p.tenant_id, p.at, p.metric, p.key, p.detail, p.plan, p.bucket,
            sum(p.n) as n,
            sum(p.failures) as failures,
            sum(p.refusals) as refusals,
            sum(p.total) as total
        from parts as p
        group by p.tenant_id, p.at, p.metric, p.key, p.detail, p.plan, p.bucket
    ),

    deltas as (
        select
            d.tenant_id, d.at, d.metric, d.key, d.detail, d.plan,
            sum(d.n)::bigint as observation_count,
            sum(d.failures)::bigint as failure_count,
            sum(d.refusals)::bigint as refusal_count,
            sum(d.total) as total_seconds,
            coalesce(array_agg(d.bucket order by d.bucket) filter (where d.n <> 0), '{}') as buckets,
            coalesce(array_agg(d.n::integer order by d.bucket) filter (where d.n <> 0), '{}') as counts
        from differences as d
        group by d.tenant_id, d.at, d.metric, d.key, d.detail, d.plan
        having bool_or(d.n <> 0) or sum(d.failures) <> 0 or sum(d.refusals) <> 0
    )

    select array_agg(
        row(
            d.tenant_id, d.at, d.metric, d.key, d.detail, d.plan,
            d.observation_count, d.failure_count, d.refusal_count, d.total_seconds, d.buckets, d.counts
        )::aias_private.metric_deltas
    ) into v_deltas
    from deltas as d;
    if v_deltas is not null then
        perform aias_private.add_to_rollups(v_deltas);
    end if;
    return coalesce(cardinality(v_deltas), 0);
end;
$$;
revoke execute on function aias_private.recount_executions(timestamptz, timestamptz) from public;
comment on function aias_private.recount_executions(timestamptz, timestamptz) is
'Counts executions, their steps and their waits of a time again, and corrects the rollups by the difference.';
