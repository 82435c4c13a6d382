-- aias_private.add_observations: take what a process saw since it last told.
--
-- Caller    each process, every few seconds and when it ends. p_observations is an array of
--             {"metric", "tenant", "key", "detail", "ago", "count", "failures", "refusals", "total", "buckets", "counts"}
--           tenant null: of none; detail: a second key (an upstream's operation), mostly ''; ago: how many minutes before this one, at
--           most 60; total: seconds, all together; buckets and counts: the histogram, buckets ascending.
-- Promise   in the rollups within a minute, in aias.percentiles at once. A tenant that is gone counts as none.
-- Locks     none: rows are inserted.
-- Errors    JR422 the metric is not one that processes observe.
-- requires: aias_private.nil_uuid
create or replace function aias_private.add_observations(p_observations jsonb)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_minute constant timestamptz := date_trunc('minute', aias_private.now());
    v_unknown text;
begin
    select o.metric into v_unknown
    from jsonb_to_recordset(p_observations) as o(metric text)
    where o.metric is null or o.metric not in ('requests', 'upstream_calls', 'statements')
    limit 1;
    if found then
        raise exception 'processes observe requests, upstream_calls and statements, not %', coalesce(v_unknown, 'null')
            using errcode = 'JR422', column = 'p_observations';
    end if;
    insert into aias_private.metric_deltas (
        tenant_id, at, metric, key, detail, plan,
        observation_count, failure_count, refusal_count, total_seconds, buckets, counts
    )
    select
        coalesce(t.id, aias_private.nil_uuid()),
        v_minute - make_interval(mins => least(greatest(coalesce(o.ago, 0), 0), 60)),
        o.metric,
        left(o.key, 200),
        left(coalesce(o.detail, ''), 200),
        coalesce(t.plan, ''),
        o.count,
        coalesce(o.failures, 0),
        coalesce(o.refusals, 0),
        o.total,
        o.buckets,
        o.counts
    from jsonb_to_recordset(p_observations) as o(
        metric text,
        tenant uuid,
        key text,
        detail text,
        ago integer,
        count bigint,
        failures bigint,
        refusals bigint,
        total double precision,
        buckets smallint[],
        counts integer[]
    )
    left join aias_private.tenants as t on t.id = o.tenant;
end;
$$;
revoke execute on function aias_private.add_observations(jsonb) from public;
grant execute on function aias_private.add_observations(jsonb) to aias_worker, aias_admin;
comment on function aias_private.add_observations(jsonb) is 'Takes observations of a process, which the rollups have within a minute.';
