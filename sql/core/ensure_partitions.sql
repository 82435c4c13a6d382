-- aias_private.ensure_partitions: make the monthly partitions from the current month on.
--
-- Caller    this file when it is applied, and the daily maintenance task.
-- Promise   every table of aias_private that is partitioned by range of a UUIDv7 has a partition for each of the
--           next months, with the triggers and privileges of the table and the storage settings of its default partition; calling again changes nothing. Rows of an uncovered month go to the default partition.
-- Locks     the default partition's, shortly; rows there that belong to a new partition make that one month fail
--           and be reported in `problem`, the others are made.
-- Errors    JR422 p_months_ahead is out of range.
create or replace function aias_private.ensure_partitions(p_months_ahead integer)
returns table (
    partition_name text,
    problem text
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_month timestamptz;
    v_table record;
    v_trigger record;
    v_grant record;
    v_now constant timestamptz := aias_private.now();
begin
    if p_months_ahead is null or p_months_ahead not between 0 and 120 then
        raise exception 'months ahead must lie between 0 and 120, not %', p_months_ahead
            using errcode = 'JR422', column = 'p_months_ahead';
    end if;
    for v_table in
        select c.relname
        from pg_catalog.pg_partitioned_table as p
        join pg_catalog.pg_class as c on c.oid = p.partrelid
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
        where n.nspname = 'aias_private' and p.partstrat = 'r'
        order by c.relname
    loop
        for v_offset in 0..p_months_ahead loop
            v_month := date_trunc('month', v_now, 'UTC') + make_interval(months => v_offset);
            partition_name := v_table.relname || to_char(v_month at time zone 'UTC', '_YYYY_MM');
            if to_regclass('aias_private.' || quote_ident(partition_name)) is not null then
                continue;
            end if;
            problem := null;
            begin
                execute format(
                    'create table aias_private.%I partition of aias_private.%I for values from (%L) to (%L)%s',
                    partition_name,
                    v_table.relname,
                    aias_private.uuid7_floor(v_month),
                    aias_private.uuid7_floor(v_month + interval '1 month'),
                    (
                        select ' with (' || array_to_string(d.reloptions, ', ') || ')'
                        from pg_catalog.pg_class as d
                        where d.oid = to_regclass('aias_private.' || quote_ident(v_table.relname || '_default'))
                    )
                );
                -- row triggers come along by themselves, those on truncate do not
                for v_trigger in
                    select pg_get_triggerdef(t.oid) as definition
                    from pg_catalog.pg_trigger as t
                    where
                        t.tgrelid = format('aias_private.%I', v_table.relname)::regclass
                        and not t.tgisinternal
                        and t.tgtype & 32 <> 0
                loop
                    execute replace(
                        v_trigger.definition,
                        format(' ON aias_private.%I ', v_table.relname),
                        format(' ON aias_private.%I ', partition_name)
                    );
                end loop;
                -- by default the roles may do everything; with the partition itself not more than with the table
                for v_grant in
                    select r.rolname, o.name
                    from pg_catalog.pg_roles as r
                    cross join unnest(array['insert', 'update', 'delete', 'truncate']) as o (name)
                    where
                        r.rolname in (
                            'aias_app', 'aias_worker', 'aias_analyst', 'aias_admin',
                            (
                                select pg_get_userbyid(c.relowner)
                                from pg_catalog.pg_class as c
                                where c.oid = format('aias_private.%I', v_table.relname)::regclass
                            )
                        )
                        and not exists (
                            select
                            from pg_catalog.pg_class as c
                            cross join lateral aclexplode(c.relacl) as a
                            where
                                c.oid = format('aias_private.%I', v_table.relname)::regclass
                                and a.grantee = r.oid
                                and a.privilege_type = upper(o.name)
                        )
                        and exists (
                            select
                            from pg_catalog.pg_class as c
                            where
                                c.oid = format('aias_private.%I', v_table.relname)::regclass
                                and c.relacl is not null
                        )
                loop
                    execute format('revoke %s on aias_private.%I from %I', v_grant.name, partition_name, v_grant.rolname);
                end loop;
            exception
                when check_violation or lock_not_available then
                    problem := sqlerrm;
            end;
            return next;
        end loop;
    end loop;
end;
$$;
revoke execute on function aias_private.ensure_partitions(integer) from public;
comment on function aias_private.ensure_partitions(integer) is
'Makes the monthly partitions of every growing table for the months to come, and says what it made.';

select partition_name from aias_private.ensure_partitions(3);
