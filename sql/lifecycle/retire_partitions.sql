-- aias_private.retire_partitions: take a month out of a table and of what follows it.
--
-- Caller    the run, in a transaction of its own with a statement_timeout below 200 ms, again and again a bounded number of times.
-- Promise   all of it or none: the partitions are detached and renamed (<name>_retired), and items say so; rows that stay
--           (executions that are not final with their steps, effects and events; tenants under a hold) lie in a new partition
--           of the same month. No row is ever in both or in neither.
-- Locks     the tables exclusively, what is followed first, for the few milliseconds that the catalog takes: the cost does not
--           grow with rows. DETACH CONCURRENTLY is no option: PostgreSQL refuses it where there is a default partition. So
--           a plain DETACH is tried under a lock_timeout: who waits for the lock holds up those behind it, no longer than that.
-- requires: aias_private.kept_condition
-- requires: aias_private.kept_tenants
-- requires: aias_private.make_partition
-- requires: aias_private.monthly_partitions
create or replace function aias_private.retire_partitions(
    p_run uuid,
    p_item integer
)
returns integer[]
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '100ms'
as $$
declare
    v_item record;
    v_tenants uuid[];
    v_keys uuid[];
    v_kept bigint;
    v_items integer[];
begin
    for v_item in
        select i.table_name
        from aias_private.retention_items as i
        inner join aias_private.retention_items as u on u.run_id = i.run_id and u.unit = i.unit
        where u.run_id = p_run and u.position = p_item and i.kind = 'partition' and i.state in ('planned', 'archiving', 'archived')
        order by i.position
    loop
        execute format('lock table only aias_private.%I in access exclusive mode', v_item.table_name);
    end loop;
    for v_item in
        select
            i.position,
            i.table_name,
            i.object,
            p.follows,
            m.from_at,
            m.to_at,
            aias_private.partition_key(i.table_name) as key_column
        from aias_private.retention_items as i
        inner join aias_private.retention_items as u on u.run_id = i.run_id and u.unit = i.unit
        inner join aias_private.retention_policies as p on p.table_name = i.table_name
        cross join lateral (
            select
                to_date(right(i.object, 7), 'YYYY_MM')::timestamp at time zone 'UTC' as from_at,
                (to_date(right(i.object, 7), 'YYYY_MM')::timestamp + interval '1 month') at time zone 'UTC' as to_at
        ) as m
        where u.run_id = p_run and u.position = p_item and i.kind = 'partition' and i.state in ('planned', 'archiving', 'archived')
        order by i.position
    loop
        -- of a table that belongs to no tenant nothing is held
        if
            v_item.follows is null
            and exists (
                select
                from pg_catalog.pg_attribute as a
                where a.attrelid = format('aias_private.%I', v_item.table_name)::regclass and a.attname = 'tenant_id'
            )
        then
            execute format(
                'select array_agg(r.tenant_id), array_agg(r.%I) from aias_private.%I as r where %s',
                v_item.key_column,
                v_item.object,
                aias_private.kept_condition(v_item.table_name)
            )
            into v_tenants, v_keys
            using aias_private.kept_tenants(v_item.table_name, v_item.to_at);
        end if;
        execute format('alter table aias_private.%I detach partition aias_private.%I', v_item.table_name, v_item.object);
        execute format('alter table aias_private.%I rename to %I', v_item.object, v_item.object || '_retired');
        v_kept := 0;
        if v_keys is not null then
            perform aias_private.make_partition(
                v_item.table_name,
                v_item.object,
                format(
                    'for values from (%L) to (%L)',
                    aias_private.uuid7_floor(v_item.from_at),
                    aias_private.uuid7_floor(v_item.to_at)
                )
            );
            execute format(
                'insert into aias_private.%1$I select r.* from aias_private.%2$I as r'
                ' where (r.tenant_id, r.%3$I) in (select k.t, k.i from unnest($1, $2) as k(t, i))',
                v_item.table_name,
                v_item.object || '_retired',
                v_item.key_column
            )
            using v_tenants, v_keys;
            get diagnostics v_kept = row_count;
        end if;
        update aias_private.retention_items as i
        set state = 'detached', kept_count = v_kept, detail = null, changed_at = aias_private.now()
        where i.run_id = p_run and i.position = v_item.position;
        v_items := v_items || v_item.position;
    end loop;
    return coalesce(v_items, '{}');
end;
$$;
-- requires: aias_private.partition_key
revoke execute on function aias_private.retire_partitions(uuid, integer) from public;
grant execute on function aias_private.retire_partitions(uuid, integer) to aias_worker, aias_admin;
comment on function aias_private.retire_partitions(uuid, integer) is
'Detaches a month of a table and of what follows it; rows that stay lie in a new partition. Returns the items that wait for being dropped.';
