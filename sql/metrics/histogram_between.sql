-- aias_private.histogram_between: the duration at a rank between two neighbouring observations, given by their buckets.
--
-- Promise   as percentile_cont: the part of the rank after the point says how far it lies from the one to the other.
-- requires: aias_private.histogram_value
create or replace function aias_private.histogram_between(
    p_low integer,
    p_high integer,
    p_rank numeric
)
returns double precision
language sql
immutable
parallel safe
strict
set search_path = pg_catalog, pg_temp
as $$
    select
        aias_private.histogram_value(p_low)
        + (aias_private.histogram_value(p_high) - aias_private.histogram_value(p_low))
        * (p_rank - floor(p_rank))::double precision
$$;
revoke execute on function aias_private.histogram_between(integer, integer, numeric) from public;
comment on function aias_private.histogram_between(integer, integer, numeric) is
'The duration in seconds at a rank between two observations of a histogram.';
