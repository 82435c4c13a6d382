-- aias_private.defer_checks: hand the checks that are due to the workers, one job each.
--
-- Caller    a periodic task, every minute, from any number of workers.
-- Promise   one job per connection and slot: the next check moves in the same transaction. A check that was missed while
--           no worker ran is made up for once.
-- Locks     the checks' rows, skip locked.
-- Plan      integration_checks_next_check_at_idx.
-- requires: aias_private.check_slot
-- requires: aias_private.insert_job
create or replace function aias_private.defer_checks(p_limit integer)
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := aias_private.now();
    v_queue text;
    v_priority integer;
    v_count integer;
begin
    select l.queue_name, l.base_priority into strict v_queue, v_priority
    from aias_private.lanes as l
    where l.name = 'maintenance';
    with due as (
        select c.tenant_id, c.integration_id
        from aias_private.integration_checks as c
        where c.next_check_at <= v_now
        order by c.next_check_at
        limit p_limit
        for update skip locked
    ),

    moved as (
        update aias_private.integration_checks as c
        set next_check_at = aias_private.check_slot(c.integration_id, v_now)
        from due as d
        where c.tenant_id = d.tenant_id and c.integration_id = d.integration_id
        returning c.tenant_id, c.integration_id
    )

    select count(
        aias_private.insert_job(
            'aias.check_connection',
            jsonb_build_object('tenant_id', m.tenant_id, 'integration_id', m.integration_id),
            v_queue,
            v_priority,
            null,
            'aias.check_connection:' || m.integration_id,
            null,
            null
        )
    ) into v_count
    from moved as m;
    return v_count;
end;
$$;
revoke execute on function aias_private.defer_checks(integer) from public;
grant execute on function aias_private.defer_checks(integer) to aias_worker, aias_admin;
comment on function aias_private.defer_checks(integer) is
'Enqueues a job for every connection whose check is due, and returns how many.';
