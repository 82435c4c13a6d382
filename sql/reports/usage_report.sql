-- aias.usage_report: the figures of a month, of one tenant or of all.
--
-- Caller    aias.reports in Python, for the page, the mail and the file; aias_private.post_usage_reports.
-- Promise   one JSON document: totals, usage of the plan, every day of the month, the 50 workflows and 50 connections that were used most,
--           the changes of plan and, for the operators, the 100 tenants that ran most. Without a month: the last one that is whole.
--           Whoever is confined to a tenant gets its own. Lists are in a fixed order, so that the same figures give the same document.
-- Cost      reads the sums per day, not what they are made of: it does not grow with the executions.
-- Errors    JR403 confined, to no tenant; JR404 no such tenant; JR422 the month has not begun.
-- requires: aias_private.tenant_by_slug
-- requires: aias_private.histogram_percentiles
-- requires: aias.execution_volume_daily
-- requires: aias.integration_usage_daily
-- requires: aias.plan_changes
-- requires: aias.usage
-- requires: aias.freshness
create or replace function aias.usage_report(
    p_tenant text default null,
    p_month date default null
)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := aias_private.now();
    v_this constant date := date_trunc('month', v_now at time zone 'UTC')::date;
    v_month constant date := coalesce(date_trunc('month', p_month)::date, (v_this - interval '1 month')::date);
    v_end constant date := (v_month + interval '1 month')::date;
    v_sees_all constant boolean := aias_private.caller_sees_all();
    v_tenant uuid;
    v_as_of timestamptz;
begin
    if v_month > v_this then
        raise exception 'the month % has not begun', to_char(v_month, 'YYYY-MM') using errcode = 'JR422', column = 'p_month';
    end if;
    if p_tenant is not null then
        v_tenant := aias_private.tenant_by_slug(p_tenant);
    elsif not v_sees_all then
        v_tenant := aias_private.caller_tenant();
        if v_tenant is null then
            raise exception 'the role % belongs to no tenant', aias_private.caller_role()
                using errcode = 'JR403', column = 'p_tenant';
        end if;
    end if;
    select f.as_of into v_as_of from aias.freshness as f where f.name = 'activity';
    return (
        with volume as materialized (
            select
                e.day,
                e.tenant,
                e.plan,
                e.workflow,
                e.started_count,
                e.succeeded_count,
                e.failed_count,
                e.cancelled_count,
                e.step_count,
                e.run_time
            from aias.execution_volume_daily as e
            where e.day >= v_month and e.day < v_end and (v_tenant is null or e.tenant_id = v_tenant)
        ),

        calls as materialized (
            select
                i.day,
                i.tenant,
                i.kind,
                i.connection,
                i.call_count,
                i.failure_count,
                i.mean_ms * i.call_count as total_ms,
                i.max_ms
            from aias.integration_usage_daily as i
            where i.day >= v_month and i.day < v_end and (v_tenant is null or i.tenant_id = v_tenant)
        ),

        buckets as (
            select m.key, u.bucket, sum(u.n)::integer as n
            from aias_private.metric_days as m
            cross join lateral unnest(m.buckets, m.counts) as u(bucket, n)
            where
                m.metric = 'executions'
                and m.at >= v_month::timestamp at time zone 'UTC'
                and m.at < v_end::timestamp at time zone 'UTC'
                and (v_tenant is null or m.tenant_id = v_tenant)
            group by grouping sets ((m.key, u.bucket), (u.bucket))
        ),

        durations as (
            select b.key, p.p50, p.p95, p.p99
            from (
                select
                    s.key,
                    array_agg(s.bucket order by s.bucket) as buckets,
                    array_agg(s.n order by s.bucket) as counts
                from buckets as s
                group by s.key
            ) as b
            cross join lateral aias_private.histogram_percentiles(b.buckets, b.counts) as p
        ),

        workflows as (
            select
                v.workflow,
                sum(v.started_count) as started_count,
                sum(v.succeeded_count) as succeeded_count,
                sum(v.failed_count) as failed_count
            from volume as v
            group by v.workflow
            order by 2 desc, 1
            limit 50
        ),

        connections as (
            select
                c.kind,
                c.connection,
                sum(c.call_count) as call_count,
                sum(c.failure_count) as failure_count,
                sum(c.total_ms) / nullif(sum(c.call_count), 0)::double precision as mean_ms,
                max(c.max_ms) as max_ms
            from calls as c
            group by c.kind, c.connection
            order by 3 desc, 1, 2
            limit 50
        ),

        tenants as (
            select
                v.tenant,
                v.plan,
                sum(v.started_count) as started_count,
                sum(v.succeeded_count) as succeeded_count,
                sum(v.failed_count) as failed_count
            from volume as v
            group by v.tenant, v.plan
            order by 3 desc, 1
            limit 100
        )

        select jsonb_build_object(
            'month', v_month,
            'is_complete', coalesce(v_as_of >= v_end::timestamp at time zone 'UTC', false),
            'as_of', v_as_of,
            'tenant', (select t.slug from aias_private.tenants as t where t.id = v_tenant),
            'name', (select t.name from aias_private.tenants as t where t.id = v_tenant),
            'plan', (select t.plan from aias_private.tenants as t where t.id = v_tenant),
            'totals', (
                select jsonb_build_object(
                    'tenant_count', count(distinct v.tenant),
                    'started_count', coalesce(sum(v.started_count), 0),
                    'succeeded_count', coalesce(sum(v.succeeded_count), 0),
                    'failed_count', coalesce(sum(v.failed_count), 0),
                    'cancelled_count', coalesce(sum(v.cancelled_count), 0),
                    'step_count', coalesce(sum(v.step_count), 0),
                    'run_seconds', coalesce(extract(epoch from sum(v.run_time)), 0)::double precision,
                    'error_rate', sum(v.failed_count)::double precision
                    / nullif(sum(v.succeeded_count + v.failed_count), 0)::double precision,
                    'p50_seconds', (select d.p50 from durations as d where d.key is null),
                    'p95_seconds', (select d.p95 from durations as d where d.key is null),
                    'p99_seconds', (select d.p99 from durations as d where d.key is null),
                    'call_count', (select coalesce(sum(c.call_count), 0) from calls as c),
                    'call_failure_count', (select coalesce(sum(c.failure_count), 0) from calls as c),
                    'former_started_count', (
                        select coalesce(sum(f.started_count), 0)
                        from aias.execution_volume_daily as f
                        where
                            f.day >= (v_month - interval '1 month')::date
                            and f.day < v_month
                            and (v_tenant is null or f.tenant_id = v_tenant)
                    )
                )
                from volume as v
            ),
            'usage', coalesce((
                select jsonb_agg(
                    jsonb_build_object(
                        'measure', u.measure, 'used_count', u.used_count, 'quota', u.quota, 'used_ratio', u.used_ratio, 'state', u.state
                    )
                    order by u.measure
                )
                from (
                    select
                        s.measure,
                        sum(s.used_count) as used_count,
                        -- quotas of several plans add up to nothing that means anything
                        case when v_tenant is not null then min(s.quota) end as quota,
                        case when v_tenant is not null then min(s.used_ratio) end as used_ratio,
                        case when v_tenant is not null then min(s.state) else 'within' end as state
                    from aias.usage as s
                    where s.month = v_month and (v_tenant is null or s.tenant_id = v_tenant)
                    group by s.measure
                ) as u
            ), '[]'),
            'days', (
                select jsonb_agg(
                    jsonb_build_object(
                        'day', d.day,
                        'started_count', coalesce(v.started_count, 0),
                        'succeeded_count', coalesce(v.succeeded_count, 0),
                        'failed_count', coalesce(v.failed_count, 0),
                        'cancelled_count', coalesce(v.cancelled_count, 0),
                        'call_count', coalesce(c.call_count, 0),
                        'call_failure_count', coalesce(c.failure_count, 0)
                    )
                    order by d.day
                )
                from (select v_month + s.n as day from generate_series(0, v_end - v_month - 1) as s(n)) as d
                left join (
                    select
                        e.day,
                        sum(e.started_count) as started_count,
                        sum(e.succeeded_count) as succeeded_count,
                        sum(e.failed_count) as failed_count,
                        sum(e.cancelled_count) as cancelled_count
                    from volume as e
                    group by e.day
                ) as v on v.day = d.day
                left join (
                    select i.day, sum(i.call_count) as call_count, sum(i.failure_count) as failure_count
                    from calls as i
                    group by i.day
                ) as c on c.day = d.day
            ),
            'workflows', coalesce((
                select jsonb_agg(
                    jsonb_build_object(
                        'workflow', w.workflow,
                        'started_count', w.started_count,
                        'succeeded_count', w.succeeded_count,
                        'failed_count', w.failed_count,
                        'error_rate', w.failed_count::double precision
                        / nullif(w.succeeded_count + w.failed_count, 0)::double precision,
                        'p50_seconds', d.p50,
                        'p95_seconds', d.p95,
                        'p99_seconds', d.p99
                    )
                    order by w.started_count desc, w.workflow
                )
                from workflows as w
                left join durations as d on d.key = w.workflow
            ), '[]'),
            'integrations', coalesce((
                select jsonb_agg(
                    jsonb_build_object(
                        'kind', c.kind,
                        'connection', c.connection,
                        'call_count', c.call_count,
                        'failure_count', c.failure_count,
                        'error_rate', c.failure_count::double precision / nullif(c.call_count, 0)::double precision,
                        'mean_ms', c.mean_ms,
                        'max_ms', c.max_ms
                    )
                    order by c.call_count desc, c.kind, c.connection
                )
                from connections as c
            ), '[]'),
            'plan_changes', coalesce((
                select jsonb_agg(
                    jsonb_build_object(
                        'at', p.at, 'tenant', p.tenant, 'from_plan', p.from_plan, 'to_plan', p.to_plan, 'direction', p.direction
                    )
                    order by p.at, p.audit_id
                )
                from aias.plan_changes as p
                where
                    p.at >= v_month::timestamp at time zone 'UTC'
                    and p.at < v_end::timestamp at time zone 'UTC'
                    and (v_tenant is null or p.tenant_id = v_tenant)
            ), '[]'),
            'tenants', coalesce((
                select jsonb_agg(
                    jsonb_build_object(
                        'tenant', t.tenant,
                        'plan', t.plan,
                        'started_count', t.started_count,
                        'succeeded_count', t.succeeded_count,
                        'failed_count', t.failed_count,
                        'error_rate', t.failed_count::double precision
                        / nullif(t.succeeded_count + t.failed_count, 0)::double precision
                    )
                    order by t.started_count desc, t.tenant
                )
                from tenants as t
                where v_tenant is null
            ), '[]')
        )
    );
end;
$$;
revoke execute on function aias.usage_report(text, date) from public;
grant execute on function aias.usage_report(text, date) to aias_app, aias_worker, aias_analyst, aias_admin;
comment on function aias.usage_report(text, date) is
'The figures of a month (UTC) as one JSON document: what was used of the plan, how much ran, how much of it failed and how long it took; of one tenant, or of all.';
