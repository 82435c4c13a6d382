-- aias_private.watch_partitions: partitions that are missing, and rows outside of them.
--
-- Caller    aias_private.evaluate_alerts, for the rules of the source partitions.
-- Promise   one row per table of aias_private that is partitioned by month and has no partition for the next month, or rows in its
--           default partition. The window is not used.
-- requires: aias_private.nil_uuid
create or replace function aias_private.watch_partitions(p_window interval)
returns table (
    tenant_id uuid,
    key text,
    value double precision,
    details jsonb
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_next constant text := to_char(
        date_trunc('month', aias_private.now(), 'UTC') at time zone 'UTC' + interval '1 month', '_YYYY_MM'
    );
    v_table name;
    v_is_missing boolean;
    v_strays boolean;
begin
    for v_table in
        select c.relname
        from pg_catalog.pg_partitioned_table as p
        inner join pg_catalog.pg_class as c on c.oid = p.partrelid
        where c.relnamespace = 'aias_private'::regnamespace and p.partstrat = 'r'
        order by c.relname
    loop
        v_is_missing := to_regclass(format('aias_private.%I', v_table || v_next)) is null;
        v_strays := false;
        if to_regclass(format('aias_private.%I', v_table || '_default')) is not null then
            execute format('select exists (select from aias_private.%I)', v_table || '_default') into v_strays;
        end if;
        if v_is_missing or v_strays then
            tenant_id := aias_private.nil_uuid();
            key := v_table;
            value := v_is_missing::integer + v_strays::integer;
            details := jsonb_build_object('next_month_is_missing', v_is_missing, 'rows_in_the_default_partition', v_strays);
            return next;
        end if;
    end loop;
end;
$$;
revoke execute on function aias_private.watch_partitions(interval) from public;
comment on function aias_private.watch_partitions(interval) is
'The partitioned tables that lack next month''s partition or have rows outside their partitions.';
