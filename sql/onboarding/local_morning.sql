-- aias_private.local_morning: the instant at which a step of a sequence is due where the person lives.
--
-- Promise   the day is counted on the calendar there and the time is read from a clock there, so that a night with a change of
--           summer time in between moves nothing; but never before the start: whoever signs up when their morning is over gets the mail of
--           day 0 at once. A clock time that a change of summer time leaves out is read as PostgreSQL reads it: an hour later.
create or replace function aias_private.local_morning(
    p_start timestamptz,
    p_days integer,
    p_time time,
    p_time_zone text
)
returns timestamptz
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select greatest(
        p_start,
        ((p_start at time zone coalesce(p_time_zone, 'UTC'))::date + p_days + p_time)
        at time zone coalesce(p_time_zone, 'UTC')
    )
$$;
revoke execute on function aias_private.local_morning(timestamptz, integer, time, text) from public;
comment on function aias_private.local_morning(timestamptz, integer, time, text) is
'The instant of a clock time some local days after a start, in a time zone; never before the start.';
