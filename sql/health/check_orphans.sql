-- aias_private.check_orphans: what is left over where no key holds it.
--
-- Caller    aias_private.look_at_health, for the check orphans.
-- requires: aias.find_orphans
create or replace function aias_private.check_orphans()
returns table (
    object text,
    problem text
)
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    select
        o.kind,
        format('%s rows: %s', o.row_count, o.description)
    from aias.find_orphans(false) as o
    where o.row_count > 0
$$;
revoke execute on function aias_private.check_orphans() from public;
comment on function aias_private.check_orphans() is
'The kinds of orphans of which there are any.';
