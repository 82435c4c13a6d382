-- aias_private.settle_retention_item: note that an item can't go on in this run, and why.
--
-- Promise   only an item that is still open changes. One that is detached stays so: its drop is tried again by the next run.
-- Errors    JR422 the state is none that ends an item.
create or replace function aias_private.settle_retention_item(
    p_run uuid,
    p_item integer,
    p_state text,
    p_detail text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_state is null or p_state not in ('failed', 'waiting') then
        raise exception 'an item fails or waits, it is not %', coalesce(quote_literal(p_state), 'null')
            using errcode = 'JR422', column = 'p_state';
    end if;
    update aias_private.retention_items as i
    set
        state = case when i.state = 'detached' then i.state else p_state end,
        detail = left(p_detail, 1000),
        attempt_count = i.attempt_count + 1,
        changed_at = aias_private.now()
    from aias_private.retention_items as u
    where
        u.run_id = p_run
        and u.position = p_item
        and i.run_id = u.run_id
        and (i.position = u.position or (i.kind = 'partition' and i.unit = u.unit))
        and i.state in ('planned', 'archiving', 'archived', 'detached');
end;
$$;
revoke execute on function aias_private.settle_retention_item(uuid, integer, text, text) from public;
grant execute on function aias_private.settle_retention_item(uuid, integer, text, text) to aias_worker, aias_admin;
comment on function aias_private.settle_retention_item(uuid, integer, text, text) is
'Notes that an item of a run can''t go on in it, and why.';
