-- aias_private.report_plugins: what a worker found installed, and what came of loading it.
--
-- Caller    a worker, when it starts and every ten minutes; p_plugins is an array of objects with the columns' names. Those of one
--           machine say the same, and the last of them counts.
-- Promise   what the machine no longer has is gone, and what no machine has said for a day.
create or replace function aias_private.report_plugins(
    p_reporter text,
    p_plugins jsonb
)
returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    with told as materialized (
        select t.name, t.version, t.api_version, t.state, left(t.problem, 2000) as problem, t.brings
        from jsonb_to_recordset(p_plugins) as t(
            name text, version text, api_version text, state text, problem text, brings jsonb
        )
    ),

    gone as (
        delete from aias_private.plugins as p
        where
            (p.reported_by = p_reporter and p.name not in (select t.name from told as t))
            or p.reported_at < aias_private.now() - interval '1 day'
    )

    insert into aias_private.plugins (name, reported_by, version, api_version, state, problem, brings, reported_at)
    select t.name, p_reporter, t.version, t.api_version, t.state, t.problem, t.brings, aias_private.now()
    from told as t
    order by t.name
    on conflict (name, reported_by) do update
    set
        version = excluded.version,
        api_version = excluded.api_version,
        state = excluded.state,
        problem = excluded.problem,
        brings = excluded.brings,
        reported_at = excluded.reported_at
$$;
revoke execute on function aias_private.report_plugins(text, jsonb) from public;
comment on function aias_private.report_plugins(text, jsonb) is
'Takes what a worker found installed, and what came of loading it.';
