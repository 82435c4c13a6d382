-- aias_private.telemetry_debt: how far a tenant's events are ahead of its plan's rate.
--
-- Caller    aias.track, take_telemetry, collect_telemetry_charges.
-- Promise   the generic cell rate algorithm (ITU-T I.371): telemetry_events_per_minute of the plan in the long run, and as many at
--           once after a quiet minute. A call with more than that goes when nothing is owed, and is paid back before the next.
--           Charges that are not collected yet count from their own time on; those of transactions at work are not seen.
-- Returns   no row without such a tenant; ahead, step and retry_after in seconds.
create or replace function aias_private.telemetry_debt(
    p_tenant uuid,
    p_count integer
)
returns table (
    quota integer,
    ahead double precision,
    step double precision,
    retry_after double precision
)
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    with plan as materialized (
        select
            t.id,
            p.telemetry_events_per_minute as quota,
            60.0::double precision / p.telemetry_events_per_minute as step
        from aias_private.tenants as t
        inner join aias_private.plans as p on p.name = t.plan
        where t.id = p_tenant
    ),

    -- a charge moves the arrival on from its own time, or from where the ones before have moved it
    moved as (
        select
            extract(epoch from c.at - aias_private.now())
            + p.step * sum(c.event_count) over (order by c.at desc, c.ctid desc) as ahead,
            c.event_count
        from aias_private.telemetry_charges as c
        cross join plan as p
        where c.tenant_id = p_tenant
    ),

    owed as materialized (
        select
            p.quota,
            p.step,
            greatest(
                0,
                (select max(m.ahead) from moved as m),
                (
                    select extract(epoch from r.theoretical_arrival_at - aias_private.now())
                    from aias_private.telemetry_rates as r
                    where r.tenant_id = p_tenant
                )
                + p.step * coalesce((select sum(m.event_count) from moved as m), 0)
            )::double precision as ahead
        from plan as p
    )

    select
        o.quota,
        o.ahead,
        o.step,
        -- a thousandth of a step, so that rounding sends nobody away
        case
            when o.ahead <= o.step / 1000 or o.ahead + (p_count - 1e-3) * o.step <= 60 then 0
            else o.ahead - greatest(0, 60 - p_count * o.step)
        end
    from owed as o
$$;
revoke execute on function aias_private.telemetry_debt(uuid, integer) from public;
comment on function aias_private.telemetry_debt(uuid, integer) is
'How far a tenant''s events are ahead of its rate, in seconds, and after how many seconds so many more may come.';
