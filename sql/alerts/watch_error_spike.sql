-- aias_private.watch_error_spike: a tenant's failures, compared with the same time of earlier days.
--
-- Caller    aias_private.evaluate_alerts, for the rules of the source error_spike.
-- Promise   dead letters of the window as a multiple of the mean of the same window on the 7 days before (at least 1); a tenant with fewer
--           than 20 in the window has none.
-- Plan      dead_letters_id_idx, eight windows.
create or replace function aias_private.watch_error_spike(p_window interval)
returns table (
    tenant_id uuid,
    key text,
    value double precision,
    details jsonb
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    with counted as (
        select d.tenant_id, g.day, count(*) as failure_count
        from generate_series(0, 7) as g (day)
        inner join aias_private.dead_letters as d
            on d.id >= aias_private.uuid7_floor(aias_private.now() - make_interval(days => g.day) - p_window)
            and (
                g.day = 0 or d.id < aias_private.uuid7_floor(aias_private.now() - make_interval(days => g.day))
            )
        group by d.tenant_id, g.day
    ),

    compared as (
        select
            c.tenant_id,
            sum(c.failure_count) filter (where c.day = 0) as now_count,
            coalesce(sum(c.failure_count) filter (where c.day > 0), 0) / 7.0 as usual_count
        from counted as c
        group by c.tenant_id
    )

    select
        c.tenant_id,
        '',
        (c.now_count / greatest(c.usual_count, 1))::double precision,
        jsonb_build_object('failures', c.now_count, 'usual', round(c.usual_count, 1))
    from compared as c
    where c.now_count >= 20
$$;
revoke execute on function aias_private.watch_error_spike(interval) from public;
comment on function aias_private.watch_error_spike(interval) is
'The failures for good of each tenant, as a multiple of what is usual at this time of the day.';
