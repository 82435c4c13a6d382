-- aias_private.drain_strays: move the rows of a default partition to the partitions of their months.
--
-- Caller    the run, as aias_private.retire_partitions: a short transaction, tried a bounded number of times.
-- Promise   the default partition is empty, and every row of it lies in the partition of its month, which is made where it is missing;
--           or nothing has changed. Rows are copied from the former default partition, which is detached and then dropped, so that
--           an append-only table keeps its promise. More than 20,000 rows, or rows without a time, are left, and the item says so.
-- Locks     the table exclusively while they are copied.
-- requires: aias_private.make_partition
-- requires: aias_private.partition_key
create or replace function aias_private.drain_strays(
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
    v_item aias_private.retention_items;
    v_key text;
    v_old text;
    v_month timestamptz;
    v_first uuid;
    v_count bigint;
begin
    select i.* into v_item
    from aias_private.retention_items as i
    where i.run_id = p_run and i.position = p_item and i.state = 'planned'
    for update;
    if not found then
        return;
    end if;
    v_key := aias_private.partition_key(v_item.table_name);
    execute format('lock table only aias_private.%I in access exclusive mode', v_item.table_name);
    execute format(
        'select count(*) from (select from aias_private.%I limit 20001) as c', v_item.object
    ) into v_count;
    if v_count > 20000 then
        update aias_private.retention_items as i
        set
            state = 'waiting',
            detail = 'more than 20,000 rows: make the partitions of their months and move them by hand',
            changed_at = aias_private.now()
        where i.run_id = p_run and i.position = p_item;
        return;
    end if;
    v_old := v_item.object || '_drained';
    execute format('alter table aias_private.%I detach partition aias_private.%I', v_item.table_name, v_item.object);
    execute format('alter table aias_private.%I rename to %I', v_item.object, v_old);
    -- made like it: the storage settings are those of the former one
    execute format(
        'create table aias_private.%I partition of aias_private.%I default%s',
        v_item.object,
        v_item.table_name,
        (
            select ' with (' || array_to_string(c.reloptions, ', ') || ')'
            from pg_catalog.pg_class as c
            where c.oid = format('aias_private.%I', v_old)::regclass
        )
    );
    perform aias_private.close_partition(v_item.table_name, v_item.object);
    loop
        -- the first row whose month has no partition
        execute format(
            'select r.%1$I from aias_private.%2$I as r where not exists ('
            ' select from aias_private.monthly_partitions($1) as m'
            ' where r.%1$I >= aias_private.uuid7_floor(m.from_at) and r.%1$I < aias_private.uuid7_floor(m.to_at)'
            ') order by r.%1$I limit 1',
            v_key,
            v_old
        ) into v_first using v_item.table_name;
        exit when v_first is null;
        v_month := date_trunc('month', aias_private.uuid7_time(v_first), 'UTC');
        perform aias_private.make_partition(
            v_item.table_name,
            v_item.table_name || to_char(v_month at time zone 'UTC', '_YYYY_MM'),
            format(
                'for values from (%L) to (%L)',
                aias_private.uuid7_floor(v_month),
                aias_private.uuid7_floor(v_month + interval '1 month')
            )
        );
    end loop;
    execute format('insert into aias_private.%I select r.* from aias_private.%I as r', v_item.table_name, v_old);
    execute format('drop table aias_private.%I', v_old);
    update aias_private.retention_items as i
    set state = 'done', kept_count = v_count, changed_at = aias_private.now()
    where i.run_id = p_run and i.position = p_item;
end;
$$;
-- requires: aias_private.close_partition
-- requires: aias_private.monthly_partitions
revoke execute on function aias_private.drain_strays(uuid, integer) from public;
grant execute on function aias_private.drain_strays(uuid, integer) to aias_worker, aias_admin;
comment on function aias_private.drain_strays(uuid, integer) is
'Moves the rows of a default partition to the partitions of their months.';
