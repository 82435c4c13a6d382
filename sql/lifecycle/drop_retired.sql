-- aias_private.drop_retired: drop a partition that was taken out of its table.
--
-- Caller    the run, as aias_private.retire_partitions: a short transaction, tried a bounded number of times.
-- Promise   the table is gone and the item says so, or neither. An item that is dropped already is left alone.
-- Locks     the retired table, which nobody uses, and for its foreign keys the tables that they name, for a moment.
create or replace function aias_private.drop_retired(
    p_run uuid,
    p_item integer
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '100ms'
as $$
declare
    v_object text;
    v_rows bigint;
begin
    select i.object, greatest(i.row_estimate - i.kept_count, 0) into v_object, v_rows
    from aias_private.retention_items as i
    where i.run_id = p_run and i.position = p_item and i.state = 'detached'
    for update;
    if not found then
        return;
    end if;
    execute format('drop table if exists aias_private.%I', v_object || '_retired');
    update aias_private.retention_items as i
    set state = 'dropped', gone_count = v_rows, changed_at = aias_private.now()
    where i.run_id = p_run and i.position = p_item;
end;
$$;
revoke execute on function aias_private.drop_retired(uuid, integer) from public;
grant execute on function aias_private.drop_retired(uuid, integer) to aias_worker, aias_admin;
comment on function aias_private.drop_retired(uuid, integer) is 'Drops a partition that was taken out of its table.';
