-- aias_private.metric_window: what was observed in a window, from the coarsest rollups that fit in it.
--
-- Caller    aias.percentiles, aias.error_rates, the view slo.
-- Promise   over [p_from, p_to), both taken to the minute (p_from down, p_to up); without them the last hour up to now. A confined caller's
--           own tenant's only. Several rows per key.
-- Cost      follows the rows of the rollups: whole days (UTC) are read as days, whole hours beside them as hours, the rest as
--           minutes. How many observations a row stands for does not matter.
-- Plan      the indexes (metric, at) of the rollups, whose partitions are excluded by the ids' range.
-- Errors    JR422 there is no such metric, it is not told apart by that, or the window ends before it begins.
-- requires: aias_private.metric_dimensions
create or replace function aias_private.metric_window(
    p_metric text,
    p_from timestamptz,
    p_to timestamptz,
    p_by text
)
returns table (
    key text,
    observation_count bigint,
    failure_count bigint,
    refusal_count bigint,
    total_seconds double precision,
    buckets smallint[],
    counts integer[]
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_now constant timestamptz := aias_private.now();
    -- without an end the current minute is in it
    v_to constant timestamptz := coalesce(
        date_trunc('minute', p_to + interval '59.999999 seconds'),
        date_trunc('minute', v_now) + interval '1 minute'
    );
    v_from constant timestamptz := date_trunc('minute', coalesce(p_from, v_to - interval '1 hour'));
    -- the whole hours of the window, and its whole days
    v_first_hour timestamptz := date_trunc('hour', v_from + interval '59 minutes 59 seconds', 'UTC');
    v_end_hour timestamptz := date_trunc('hour', v_to, 'UTC');
    v_first_day timestamptz := date_trunc('day', v_from + interval '23 hours 59 minutes 59 seconds', 'UTC');
    v_end_day timestamptz := date_trunc('day', v_to, 'UTC');
    v_sees_all constant boolean := aias_private.caller_sees_all();
    v_tenant constant uuid := aias_private.caller_tenant();
begin
    if not exists (select from aias_private.metric_dimensions() as m where m.metric = p_metric) or p_metric is null then
        raise exception 'there is no metric %', coalesce(quote_literal(left(p_metric, 60)), 'null')
            using errcode = 'JR422', column = 'p_metric';
    end if;
    if p_by is not null and not exists (
        select from aias_private.metric_dimensions() as m where m.metric = p_metric and m.dimension = p_by
    ) then
        raise exception '% is told apart by %, not by %',
            p_metric,
            (select string_agg(m.dimension, ', ' order by m.place)
                from aias_private.metric_dimensions() as m where m.metric = p_metric),
            quote_literal(left(p_by, 60))
            using errcode = 'JR422', column = 'p_by';
    end if;
    if v_from >= v_to then
        raise exception 'the window ends (%) before it begins (%)', v_to, v_from using errcode = 'JR422', column = 'p_to';
    end if;
    if v_first_hour >= v_end_hour then
        v_first_hour := v_to;
        v_end_hour := v_to;
    end if;
    if v_first_day >= v_end_day then
        v_first_day := v_end_hour;
        v_end_day := v_end_hour;
    end if;
    return query
    with rows as (
        select
            d.tenant_id, d.key, d.detail, d.plan, d.observation_count, d.failure_count, d.refusal_count,
            d.total_seconds, d.buckets, d.counts
        from aias_private.metric_days as d
        where
            d.metric = p_metric
            and d.at >= v_first_day
            and d.at < v_end_day
            and d.id >= aias_private.uuid7_floor(v_first_day)
            and d.id < aias_private.uuid7_floor(v_end_day)
        union all
        select
            h.tenant_id, h.key, h.detail, h.plan, h.observation_count, h.failure_count, h.refusal_count,
            h.total_seconds, h.buckets, h.counts
        from aias_private.metric_hours as h
        where
            h.metric = p_metric
            and h.at >= v_first_hour
            and h.at < v_end_hour
            and (h.at < v_first_day or h.at >= v_end_day)
            and h.id >= aias_private.uuid7_floor(v_first_hour)
            and h.id < aias_private.uuid7_floor(v_end_hour)
        union all
        select
            m.tenant_id, m.key, m.detail, m.plan, m.observation_count, m.failure_count, m.refusal_count,
            m.total_seconds, m.buckets, m.counts
        from aias_private.metric_minutes as m
        where
            m.metric = p_metric
            and m.at >= v_from
            and m.at < least(v_first_hour, v_to)
            and m.id >= aias_private.uuid7_floor(v_from)
            and m.id < aias_private.uuid7_floor(least(v_first_hour, v_to))
        union all
        select
            m.tenant_id, m.key, m.detail, m.plan, m.observation_count, m.failure_count, m.refusal_count,
            m.total_seconds, m.buckets, m.counts
        from aias_private.metric_minutes as m
        where
            m.metric = p_metric
            and m.at >= v_end_hour
            and m.at < v_to
            and m.id >= aias_private.uuid7_floor(v_end_hour)
            and m.id < aias_private.uuid7_floor(v_to)
        union all
        select
            w.tenant_id, w.key, w.detail, w.plan, w.observation_count, w.failure_count, w.refusal_count,
            w.total_seconds, w.buckets, w.counts
        from aias_private.metric_deltas as w
        where w.metric = p_metric and w.at >= v_from and w.at < v_to
    )

    select
        case p_by
            when 'tenant' then coalesce(t.slug, '')
            when 'plan' then r.plan
            when 'operation' then r.key || ' ' || r.detail
            when 'workflow' then case p_metric when 'steps' then r.detail else r.key end
            else case when p_by is not null then r.key else '' end
        end,
        r.observation_count,
        r.failure_count,
        r.refusal_count,
        r.total_seconds,
        r.buckets,
        r.counts
    from rows as r
    left join aias_private.tenants as t on p_by = 'tenant' and r.tenant_id = t.id
    where v_sees_all or r.tenant_id = v_tenant;
end;
$$;
revoke execute on function aias_private.metric_window(text, timestamptz, timestamptz, text) from public;
comment on function aias_private.metric_window(text, timestamptz, timestamptz, text) is
'What was observed of a metric in a window, in as few rows as cover it, under the keys that it is told apart by.';
