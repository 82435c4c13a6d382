-- aias_private.check_retention_unit: whether a partition and what follows it may go now, and how.
--
-- Caller    the run, before it retires a unit; without tight timeouts: this sums up, counts and asks, and blocks nobody.
-- Promise   verdict: `retire`; `archive` (the items named in items are to be archived first); `rows` (more than 1,000 rows stay: the
--           others, of all the items given, are deleted one batch after the other, since moving that many would hold writers up); `waiting`, for the reason
--           given, which is noted. The functions that policies name are called: those that sum up, those that object.
-- Errors    JR404 no such item.
-- requires: aias_private.is_archived
-- requires: aias_private.kept_condition
-- requires: aias_private.kept_tenants
create or replace function aias_private.check_retention_unit(
    p_run uuid,
    p_item integer
)
returns table (
    verdict text,
    reason text,
    items integer[]
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_item record;
    v_unit text;
    v_all integer[];
    v_kept bigint;
    v_until timestamptz;
begin
    verdict := 'retire';
    for v_item in
        select i.position, i.table_name, i.object, i.unit, p.action, p.prepare, p.guard, p.follows
        from aias_private.retention_items as i
        inner join aias_private.retention_items as u on u.run_id = i.run_id and u.unit = i.unit
        inner join aias_private.retention_policies as p on p.table_name = i.table_name
        where u.run_id = p_run and u.position = p_item and i.kind = 'partition'
        order by i.position
    loop
        v_unit := v_item.unit;
        v_all := v_all || v_item.position;
        if v_item.prepare is not null then
            execute format('select %s()', v_item.prepare);
        end if;
        if v_item.guard is not null and reason is null then
            execute format('select %s($1)', v_item.guard) into reason using v_item.object;
            if reason is not null then
                verdict := 'waiting';
            end if;
        end if;
        if v_item.follows is null then
            select m.to_at into v_until
            from aias_private.monthly_partitions(v_item.table_name) as m
            where m.partition_name = v_item.object;
            if v_until is null then
                verdict := 'waiting';
                reason := 'the partition is gone';
                continue;
            end if;
            execute format(
                'select count(*) from (select from aias_private.%I as r where %s limit 1001) as c',
                v_item.object,
                aias_private.kept_condition(v_item.table_name)
            )
            into v_kept
            using aias_private.kept_tenants(v_item.table_name, v_until);
            if v_kept > 0 and v_item.action = 'archive' and reason is null then
                verdict := 'waiting';
                reason := 'it holds rows of a tenant under a hold, and is kept whole';
            elsif v_kept > 1000 and verdict = 'retire' then
                verdict := 'rows';
            end if;
        end if;
        if v_item.action = 'archive' and not aias_private.is_archived(v_item.table_name, v_item.object) then
            items := items || v_item.position;
        end if;
    end loop;
    if v_unit is null then
        raise exception 'the run % has no item %', p_run, p_item using errcode = 'JR404', column = 'p_item';
    end if;
    if verdict = 'retire' and items is not null then
        verdict := 'archive';
        reason := 'it is not archived yet';
    end if;
    if verdict = 'rows' and items is not null then
        verdict := 'waiting';
        reason := 'more rows stay than can be moved, and it is not archived yet';
    end if;
    if verdict = 'rows' then
        items := v_all;
    end if;
    update aias_private.retention_items as i
    set
        state = case verdict when 'waiting' then 'waiting' when 'archive' then 'archiving' else 'planned' end,
        kind = case when verdict = 'rows' then 'rows' else i.kind end,
        unit = case when verdict = 'rows' then i.object else i.unit end,
        detail = reason,
        changed_at = aias_private.now()
    where i.run_id = p_run and i.unit = v_unit and i.kind = 'partition' and i.state in ('planned', 'archiving', 'archived');
    return next;
end;
$$;
-- requires: aias_private.monthly_partitions
revoke execute on function aias_private.check_retention_unit(uuid, integer) from public;
grant execute on function aias_private.check_retention_unit(uuid, integer) to aias_worker, aias_admin;
comment on function aias_private.check_retention_unit(uuid, integer) is
'Whether a partition and what follows it may go now: retire, archive, rows or waiting.';
