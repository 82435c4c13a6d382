-- aias_private.ready_queues: the queues that a worker may claim from, with their weights, in a random order.
--
-- Promise   those that have ready jobs from their clocks on; thorough: ready jobs anywhere, and also where the clock was
--           deleted, which is made again. Paused lanes are left out. A queue that is no lane has weight 8.
-- Plan      aias_jobs_ready_idx: one row per class.
create or replace function aias_private.ready_queues(
    p_queues text[],
    p_is_thorough boolean
)
returns table (
    name text,
    weight double precision
)
language plpgsql
volatile
set search_path = public, pg_temp
as $$
#variable_conflict use_column
begin
    -- One at a time, and only what is missing: an insert waits for whoever inserts the same or moves the clock that
    -- is there, and that one may be waiting for a limit that this claim holds.
    if p_is_thorough
        and pg_try_advisory_xact_lock(hashtextextended('aias_private.queue_clocks', 0))
    then
        insert into aias_private.queue_clocks (queue_name, priority)
        with recursive classes as (
            (
                select j.queue_name::text as queue_name, j.priority
                from procrastinate_jobs as j
                where j.status = 'todo' and j.scheduled_at is null and j.parked_for is null
                order by j.queue_name, j.priority
                limit 1
            )
            union all
            select n.queue_name, n.priority
            from classes as c
            cross join lateral (
                -- the next priority of the same queue, else the next queue: one index probe each
                select u.queue_name, u.priority
                from (
                    (
                        select j.queue_name::text as queue_name, j.priority
                        from procrastinate_jobs as j
                        where
                            j.status = 'todo'
                            and j.scheduled_at is null
                            and j.parked_for is null
                            and j.queue_name = c.queue_name
                            and j.priority > c.priority
                        order by j.priority
                        limit 1
                    )
                    union all
                    (
                        select j.queue_name::text, j.priority
                        from procrastinate_jobs as j
                        where
                            j.status = 'todo'
                            and j.scheduled_at is null
                            and j.parked_for is null
                            and j.queue_name > c.queue_name
                        order by j.queue_name, j.priority
                        limit 1
                    )
                ) as u
                order by u.queue_name, u.priority
                limit 1
            ) as n
        )
        select c.queue_name, c.priority
        from classes as c
        where
            not exists (
                select
                from aias_private.queue_clocks as k
                where k.queue_name = c.queue_name and k.priority = c.priority
            )
        on conflict (queue_name, priority) do nothing;
    end if;
    return query
    select c.queue_name, coalesce(l.weight, 8)::double precision
    from (
        select distinct k.queue_name
        from aias_private.queue_clocks as k
        -- lateral with a limit: one index probe per class, which a semi join need not be
        cross join lateral (
            select j.id
            from procrastinate_jobs as j
            where
                j.status = 'todo'
                and j.scheduled_at is null
                and j.parked_for is null
                and j.queue_name = k.queue_name
                and j.priority = k.priority
                and j.virtual_time >= case when p_is_thorough then 0 else k.virtual_time end
            order by j.virtual_time
            limit 1
        ) as r
    ) as c
    left join aias_private.lanes as l on l.queue_name = c.queue_name
    where
        (p_queues is null or c.queue_name = any(p_queues))
        and not exists (
            select
            from aias_private.pauses as p
            where p.scope = 'lane' and p.name = coalesce(l.name, c.queue_name)
        )
    order by random();
end;
$$;
revoke execute on function aias_private.ready_queues(text[], boolean) from public;
comment on function aias_private.ready_queues(text[], boolean) is
'The queues that a worker may claim from, with their weights.';
