-- aias_private.roll_up_calls: add the calls of upstreams of a span of time to their days.
--
-- Caller    roll_up_activity, which has taken the open rows out. p_until as in roll_up_executions.
-- Promise   a minute's counts grow while transactions of that minute run: the minute of p_settled is summed up as open, whole.
-- Plan      upstream_calls_id_idx: ids begin with the minute.
-- Returns   how many rows of the days were added to, and whose they are.
create or replace function aias_private.roll_up_calls(
    p_from timestamptz,
    p_settled timestamptz,
    p_until timestamptz
)
returns table (
    row_count bigint,
    tenants uuid[]
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_first constant uuid := aias_private.uuid7_floor(date_trunc('minute', p_from));
    v_settled constant uuid := aias_private.uuid7_floor(date_trunc('minute', p_settled));
    v_last constant uuid := case
        when p_until is null then 'ffffffff-ffff-ffff-ffff-ffffffffffff'
        else aias_private.uuid7_floor(date_trunc('minute', p_until))
    end;
begin
    with counted as (
        insert into aias_private.integration_days as d (
            tenant_id, day, kind, connection, is_open, call_count, failure_count, total_ms, max_ms
        )
        select
            u.tenant_id,
            (aias_private.uuid7_time(u.id) at time zone 'UTC')::date,
            u.kind,
            u.connection,
            u.id >= v_settled,
            sum(u.call_count),
            sum(u.failure_count),
            sum(u.total_ms),
            max(u.max_ms)
        from aias_private.upstream_calls as u
        inner join aias_private.tenants as t on t.id = u.tenant_id
        where u.id >= v_first and u.id < v_last
        group by 1, 2, 3, 4, 5
        order by 1, 2, 3, 4, 5
        on conflict (tenant_id, day, kind, connection, is_open) do update
        set
            call_count = d.call_count + excluded.call_count,
            failure_count = d.failure_count + excluded.failure_count,
            total_ms = d.total_ms + excluded.total_ms,
            max_ms = greatest(d.max_ms, excluded.max_ms)
        returning d.tenant_id
    )
    select
        count(*),
        array_agg(distinct c.tenant_id)
    into row_count, tenants
    from counted as c;
    return next;
end;
$$;
revoke execute on function aias_private.roll_up_calls(timestamptz, timestamptz, timestamptz) from public;
comment on function aias_private.roll_up_calls(timestamptz, timestamptz, timestamptz) is
'Adds the calls of upstreams in a span of time to their days.';
