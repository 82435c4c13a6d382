-- aias_private.open_retention_items: what of a run is still to be done, in order.
--
-- Promise   partitions come as the one that others follow, or one by one where they are detached and wait for being dropped; those
--           that former runs left detached are among them.
create or replace function aias_private.open_retention_items(p_run uuid)
returns table (
    run_id uuid,
    item integer,
    table_name text,
    object text,
    kind text,
    state text
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select i.run_id, i.position, i.table_name, i.object, i.kind, i.state
    from aias_private.retention_items as i
    where
        i.state = 'detached'
        or (
            i.run_id = p_run
            and i.state in ('planned', 'archiving', 'archived')
            and i.unit = i.object
        )
    order by i.run_id, i.position
$$;
revoke execute on function aias_private.open_retention_items(uuid) from public;
grant execute on function aias_private.open_retention_items(uuid) to aias_worker, aias_admin;
comment on function aias_private.open_retention_items(uuid) is 'What of a run of retention is still to be done, in order.';
