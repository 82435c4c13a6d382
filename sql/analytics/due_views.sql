-- aias_private.due_views: which materialized views are to be refreshed now, the longest overdue first.
create or replace function aias_private.due_views()
returns table (name text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select r.name
    from aias_private.refreshes as r
    where
        r.kind = 'materialized'
        and coalesce(r.refreshed_at + r.cadence <= aias_private.now(), true)
    order by r.refreshed_at + r.cadence nulls first, r.name
$$;
revoke execute on function aias_private.due_views() from public;
comment on function aias_private.due_views() is 'The materialized views that are to be refreshed now.';
