-- aias_private.visible_until: up to which time every row is there to be seen.
--
-- Caller    the rollups, as a statement of its own: the statements after it see what it speaks of.
-- Promise   a row whose time was taken when its transaction began, or later (aias_private.now(), a UUIDv7), and lies before
--           what is returned, has been committed or rolled back: nothing with such a time comes later. Five seconds are
--           allowed for what the server has yet to say of a transaction that is just beginning.
-- Why       a transaction commits after its rows got their time: one that goes by the newest row it sees loses those.
-- Note      of other roles' transactions an owner without pg_read_all_stats can't see the begin: an hour is allowed for them.
create or replace function aias_private.visible_until()
returns timestamptz
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := clock_timestamp();
begin
    perform pg_stat_clear_snapshot();
    return least(
        aias_private.now() - interval '5 seconds',
        v_now - interval '5 seconds',
        (
            select min(coalesce(a.xact_start, case when a.state is null then v_now - interval '1 hour' end))
            from pg_stat_activity as a
            where
                a.datid = (select d.oid from pg_database as d where d.datname = current_database())
                and a.backend_type in ('client backend', 'background worker')
                and a.pid <> pg_backend_pid()
        ),
        (
            select min(p.prepared) - interval '1 hour'
            from pg_prepared_xacts as p
            where p.database = current_database()
        )
    );
end;
$$;
revoke execute on function aias_private.visible_until() from public;
comment on function aias_private.visible_until() is
'The time before which every row has been committed or rolled back.';
