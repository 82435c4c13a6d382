-- aias_private.roll_up_observations: bring what processes saw into the rollups.
--
-- Caller    the task aias.roll_up_metrics, each minute, until it returns less than p_limit.
-- Promise   each observation that has been committed is added once, or, with an error or a crash, is still there for the next time:
--           it is taken away in the transaction that adds it. One that commits later is added later. Never waits for another roll-up:
--           that one does the work.
-- Cost      follows what is new.
-- Returns   how many rows of observations were taken.
-- Locks     an advisory one of the roll-ups; then the rollups' rows by key.
-- requires: aias_private.add_to_rollups
create or replace function aias_private.roll_up_observations(p_limit integer default 20000)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_deltas aias_private.metric_deltas[];
begin
    if not pg_try_advisory_xact_lock(hashtext('aias_private.metric_minutes')) then
        return 0;
    end if;
    with taken as (
        delete from aias_private.metric_deltas as d
        where d.ctid = any(array(select o.ctid from aias_private.metric_deltas as o limit p_limit))
        returning d.*
    )

    select array_agg(t::aias_private.metric_deltas) into v_deltas from taken as t;
    if v_deltas is not null then
        perform aias_private.add_to_rollups(v_deltas);
    end if;
    return coalesce(cardinality(v_deltas), 0);
end;
$$;
revoke execute on function aias_private.roll_up_observations(integer) from public;
comment on function aias_private.roll_up_observations(integer) is
'Adds what processes saw to the rollups, and says how many rows of it there were.';
