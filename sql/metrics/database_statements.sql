-- aias_private.database_statements: what pg_stat_statements says of our statements; no rows where it is not there.
--
-- Promise   works with and without the extension, and with one that is installed but not loaded. Statements are named as the processes
--           name theirs: after the first function, view or table of ours in them. This database's only.
create or replace function aias_private.database_statements()
returns table (
    statement text,
    call_count bigint,
    total_ms double precision,
    max_ms double precision,
    row_count bigint,
    block_hit_rate numeric
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_view constant text := (
        select format('%I.pg_stat_statements', n.nspname)
        from pg_catalog.pg_extension as x
        inner join pg_catalog.pg_namespace as n on n.oid = x.extnamespace
        where x.extname = 'pg_stat_statements'
    );
begin
    if v_view is null then
        return;
    end if;
    return query execute format(
        $query$
        select
            coalesce(
                substring(s.query from '(?:aias(?:_private)?[.]|procrastinate[_])[a-z0-9_]+'),
                lower(substring(s.query from '[A-Za-z]+'))
            ),
            sum(s.calls)::bigint,
            sum(s.total_exec_time),
            max(s.max_exec_time),
            sum(s.rows)::bigint,
            round(
                sum(s.shared_blks_hit) / nullif(sum(s.shared_blks_hit + s.shared_blks_read), 0), 6
            )
        from %s as s
        where s.dbid = (select d.oid from pg_catalog.pg_database as d where d.datname = current_database())
        group by 1
        $query$,
        v_view
    );
exception
    -- installed, and not loaded when the server started
    when object_not_in_prerequisite_state then
        return;
end;
$$;
revoke execute on function aias_private.database_statements() from public;
-- the view calls it on behalf of whoever reads it
grant execute on function aias_private.database_statements() to aias_worker, aias_analyst, aias_admin;
comment on function aias_private.database_statements() is
'What pg_stat_statements says of our statements; no rows where it is not installed.';
