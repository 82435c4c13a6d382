-- aias_private.take_rate: which of some jobs may start now under a rate; the others get a time.
--
-- Caller    admit_jobs, which holds the key's lock.
-- Promise   the generic cell rate algorithm (ITU-T I.371): no more than p_count starts per p_per in the long run and p_burst at
--           once, with one number stored. What comes too early is parked until a time that nobody else was given, and tried again
--           then: the time is a forecast, the rate holds all the same. What was sent away before goes ahead of what comes new.
create or replace function aias_private.take_rate(
    p_key text,
    p_ids bigint[],
    p_count integer,
    p_per interval,
    p_burst integer
)
returns bigint[]
language plpgsql
volatile
set search_path = public, pg_temp
as $$
declare
    v_step constant double precision := extract(epoch from p_per) / p_count;
    v_tolerance constant double precision := v_step * (p_burst - 1);
    -- times are seconds from now on: those since 1970 have no room for microseconds
    v_now constant timestamptz := aias_private.now();
    v_last constant double precision := extract(epoch from timestamptz '9000-01-01 00:00:00+00' - v_now);
    v_arrival double precision;
    v_promised double precision;
    v_free double precision;
    v_taken integer;
    v_again bigint[];
    v_new bigint[];
begin
    select extract(epoch from r.theoretical_arrival_at - v_now), extract(epoch from r.promised_until - v_now)
    into v_arrival, v_promised
    from aias_private.rate_states as r
    where r.key = p_key;
    v_arrival := greatest(v_arrival, 0);
    -- a thousandth of a step, so that rounding does not send away what is due
    v_taken := least(
        cardinality(p_ids),
        greatest(0, floor((v_tolerance - v_arrival) / v_step + 1e-3) + 1)
    );
    v_arrival := least(v_arrival + v_taken * v_step, v_last);
    if v_taken < cardinality(p_ids) then
        select
            array_agg(u.id order by u.place) filter (where j.due_at is not null),
            array_agg(u.id order by u.place) filter (where j.due_at is null)
        into v_again, v_new
        from unnest(p_ids) with ordinality as u(id, place)
        inner join procrastinate_jobs as j on j.id = u.id
        where u.place > v_taken;
        v_free := v_arrival - v_tolerance;
        update procrastinate_jobs as j
        set
            parked_for = 'rate:' || p_key,
            scheduled_at = v_now + make_interval(secs => least(v_free + (u.place - 1) * v_step, v_last))
        from unnest(v_again) with ordinality as u(id, place)
        where j.id = u.id;
        v_free := greatest(v_promised, v_free + coalesce(cardinality(v_again), 0) * v_step);
        update procrastinate_jobs as j
        set
            parked_for = 'rate:' || p_key,
            scheduled_at = v_now + make_interval(secs => least(v_free + (u.place - 1) * v_step, v_last))
        from unnest(v_new) with ordinality as u(id, place)
        where j.id = u.id;
        v_promised := least(v_free + coalesce(cardinality(v_new), 0) * v_step, v_last);
    end if;
    insert into aias_private.rate_states as r (key, theoretical_arrival_at, promised_until)
    values (p_key, v_now + make_interval(secs => v_arrival), v_now + make_interval(secs => v_promised))
    on conflict (key) do update
    set theoretical_arrival_at = excluded.theoretical_arrival_at, promised_until = excluded.promised_until;
    return p_ids[:v_taken];
end;
$$;
revoke execute on function aias_private.take_rate(text, bigint[], integer, interval, integer) from public;
comment on function aias_private.take_rate(text, bigint[], integer, interval, integer) is
'Gives those of some jobs that may start now under a rate, and parks the others until they may.';
