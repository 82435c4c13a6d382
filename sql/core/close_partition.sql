-- aias_private.close_partition: make a new partition as closed as its table.
--
-- Caller    aias_private.make_partition, and retention when it makes a default partition anew.
-- Promise   the partition has the table's triggers on truncate too, and no role may do more with it than with the table.
create or replace function aias_private.close_partition(
    p_table text,
    p_partition text
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_definition text;
    v_grant record;
begin
    -- row triggers come along with a partition by themselves, those on truncate do not
    for v_definition in
        select pg_get_triggerdef(t.oid)
        from pg_catalog.pg_trigger as t
        where
            t.tgrelid = format('aias_private.%I', p_table)::regclass
            and not t.tgisinternal
            and t.tgtype & 32 <> 0
    loop
        execute replace(
            v_definition, format(' ON aias_private.%I ', p_table), format(' ON aias_private.%I ', p_partition)
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
                    where c.oid = format('aias_private.%I', p_table)::regclass
                )
            )
            and not exists (
                select
                from pg_catalog.pg_class as c
                cross join lateral aclexplode(c.relacl) as a
                where
                    c.oid = format('aias_private.%I', p_table)::regclass
                    and a.grantee = r.oid
                    and a.privilege_type = upper(o.name)
            )
            and exists (
                select
                from pg_catalog.pg_class as c
                where
                    c.oid = format('aias_private.%I', p_table)::regclass
                    and c.relacl is not null
            )
    loop
        execute format('revoke %s on aias_private.%I from %I', v_grant.name, p_partition, v_grant.rolname);
    end loop;
end;
$$;
revoke execute on function aias_private.close_partition(text, text) from public;
comment on function aias_private.close_partition(text, text) is 'Makes a new partition as closed as its table.';
