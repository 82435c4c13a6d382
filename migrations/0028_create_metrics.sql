-- Metrics: what happened how often and how fast, in log-scale histograms that can be added up.
--
-- A histogram is two arrays, buckets in ascending order and how many observations each holds. Bucket i holds what took more than
-- gamma^(i-1) and at most gamma^i seconds, gamma = 1.01 / 0.99; its middle 2 * gamma^i / (gamma + 1) is within 1 % of each of
-- them. Masson, Rim, Lee: DDSketch, a fast and fully-mergeable quantile sketch with relative-error guarantees, VLDB 2019.
-- From a microsecond to thirty years are 1,700 buckets: no histogram has more, none needs to be collapsed.
--
-- Processes insert what they saw (metric_deltas) and lock nothing. Once a minute one transaction takes all that has been committed
-- and adds it to the rows of its minutes, hours and days and to the totals: each observation is there once, however late its
-- transaction committed, and a long window reads few rows.

-- squawk-ignore-file prefer-bigint-over-smallint

create table aias_private.metric_deltas (
    -- the nil UUID for what belongs to no tenant
    tenant_id uuid not null,
    at timestamptz not null,
    metric text not null,
    key text not null,
    detail text not null,
    plan text not null,
    observation_count bigint not null,
    failure_count bigint not null,
    refusal_count bigint not null,
    total_seconds double precision not null,
    buckets smallint[] not null,
    counts integer[] not null
);
comment on table aias_private.metric_deltas is 'Observations that are not added to the rollups yet: each row was seen by one process.';

alter table aias_private.metric_deltas enable row level security;
alter table aias_private.metric_deltas force row level security;
create policy tenant_isolation on aias_private.metric_deltas
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

do $$
declare
    v_table record;
begin
    for v_table in
        select t.name, t.period
        from (
            values ('metric_minutes', 'minute'), ('metric_hours', 'hour'), ('metric_days', 'day')
        ) as t(name, period)
    loop
        -- the id is made of the period and of what is counted, so that a count finds its row and lies in its month's partition
        execute format(
            $table$
            create table aias_private.%1$I (
                tenant_id uuid not null,
                id uuid not null,
                at timestamptz not null,
                metric text not null,
                key text not null,
                detail text not null,
                plan text not null,
                observation_count bigint not null,
                failure_count bigint not null,
                refusal_count bigint not null,
                total_seconds double precision not null,
                buckets smallint[] not null,
                counts integer[] not null,
                constraint %2$I primary key (tenant_id, id),
                constraint counts_belong_to_buckets check (cardinality(buckets) = cardinality(counts)),
                constraint parts_are_no_more_than_all check (failure_count + refusal_count <= observation_count)
            ) partition by range (id)
            $table$,
            v_table.name,
            v_table.name || '_pkey'
        );
        -- rows are rewritten each minute while their period lasts, in place where there is room
        execute format(
            'create table aias_private.%I partition of aias_private.%I default with (fillfactor = 70)',
            v_table.name || '_default',
            v_table.name
        );
        execute format('create index %I on aias_private.%I (metric, at)', v_table.name || '_metric_idx', v_table.name);
        execute format(
            'comment on table aias_private.%I is %L',
            v_table.name,
            format('Observations per %s, tenant, plan and what was observed, with their histogram.', v_table.period)
        );
        execute format('alter table aias_private.%I enable row level security', v_table.name);
        execute format('alter table aias_private.%I force row level security', v_table.name);
        execute format(
            'create policy tenant_isolation on aias_private.%I using ('
            '(select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()))',
            v_table.name
        );
    end loop;
end;
$$;

-- Since the beginning, of all tenants: counters as Prometheus wants them, which only grow.
create table aias_private.metric_totals (
    metric text not null,
    key text not null,
    observation_count bigint not null,
    failure_count bigint not null,
    refusal_count bigint not null,
    total_seconds double precision not null,
    buckets smallint[] not null,
    counts bigint[] not null,
    constraint metric_totals_pkey primary key (metric, key)
) with (fillfactor = 70);
comment on table aias_private.metric_totals is 'All observations ever, per metric and key, with their histogram.';

-- What is counted from tables is counted again when a transaction has ended that could have added to what was counted.
create table aias_private.metric_sources (
    name text not null,
    -- what ended before is counted, but for what the transactions below may still commit
    counted_until timestamptz,
    -- when it was last counted
    counted_at timestamptz,
    -- the transactions that were open then (their virtual ids), and since when at the earliest
    open_transactions jsonb default '{}' not null,
    constraint metric_sources_pkey primary key (name)
);
comment on table aias_private.metric_sources is 'How far the metrics that are counted from tables have got.';
insert into aias_private.metric_sources (name) values ('executions');

-- Executions are counted by when they ended. The end of an execution is no HOT update as it is; this is one entry more.
-- squawk-ignore require-concurrent-index-creation
create index executions_finished_at_idx on aias_private.executions (finished_at) where finished_at is not null;

do $$
begin
    -- a new database gets its partitions when the function is made
    if to_regprocedure('aias_private.ensure_partitions(integer)') is not null then
        perform partition_name from aias_private.ensure_partitions(3);
    end if;
end;
$$;
