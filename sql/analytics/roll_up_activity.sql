-- aias_private.roll_up_activity: bring the daily figures up to date.
--
-- Caller    the periodic task, each minute; again at once while it returns true.
-- Promise   one transaction: a run that is killed has done nothing and the next does it. What is settled (older than any
--           transaction that still runs) is added once and for good; what is newer is summed up afresh by each run, so that the
--           figures are as of now and a row that is committed late is not lost. A run reads what came since the watermark.
-- Returns   whether there is more: a database with a past is worked off a day at a time. False also when another run is at it.
-- Locks     the row of refreshes, skip locked: two runs never wait for each other. Read committed only.
-- requires: aias_private.visible_until
-- requires: aias_private.roll_up_executions
-- requires: aias_private.roll_up_calls
-- requires: aias_private.roll_up_audit
-- requires: aias_private.meter_usage
create or replace function aias_private.roll_up_activity()
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set lock_timeout = '10s'
as $$
declare
    v_began constant timestamptz := clock_timestamp();
    v_from timestamptz;
    v_visible timestamptz;
    v_settled timestamptz;
    v_until timestamptz;
    v_count bigint;
    v_tenants uuid[];
    v_touched uuid[];
begin
    select r.settled_until into v_from
    from aias_private.refreshes as r
    where r.name = 'activity'
    for update skip locked;
    if not found then
        return false;
    end if;
    v_visible := greatest(aias_private.visible_until(), v_from);
    v_settled := least(v_visible, v_from + interval '1 day');
    v_until := case when v_settled < v_visible then v_settled end;
    with opened as (
        delete from aias_private.execution_days as d where d.is_open
        returning d.tenant_id
    ),

    called as (
        delete from aias_private.integration_days as d where d.is_open
        returning d.tenant_id
    )
    select array_agg(o.tenant_id) into v_touched
    from (
        select c.tenant_id from opened as c
        union
        select c.tenant_id from called as c
    ) as o;
    select
        e.row_count + c.row_count,
        e.tenants || c.tenants
    into v_count, v_tenants
    from aias_private.roll_up_executions(v_from, v_settled, v_until) as e
    cross join aias_private.roll_up_calls(v_from, v_settled, v_until) as c;
    v_count := v_count + aias_private.roll_up_audit(v_from, v_until);
    perform aias_private.meter_usage(
        v_touched
        || v_tenants
        -- what a plan includes may be less than what is used already
        || array(select p.tenant_id from aias_private.plan_changes as p where p.at >= v_from - interval '1 hour'),
        -- an execution has the time at which its transaction began
        (v_from at time zone 'UTC')::date - 1
    );
    update aias_private.refreshes as r
    set
        settled_until = v_settled,
        as_of = coalesce(v_until, aias_private.now()),
        refreshed_at = aias_private.now(),
        duration = clock_timestamp() - v_began,
        row_count = v_count,
        error = null
    where r.name = 'activity';
    return v_until is not null;
end;
$$;
revoke execute on function aias_private.roll_up_activity() from public;
comment on function aias_private.roll_up_activity() is
'Adds what happened since the last run to the daily figures; true while there is more to add.';
