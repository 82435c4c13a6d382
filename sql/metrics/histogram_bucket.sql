-- aias_private.histogram_bucket: the bucket of a duration.
--
-- Promise   bucket i holds what is longer than gamma^(i-1) and at most gamma^i seconds, gamma = 1.01 / 0.99. What is shorter than a
--           microsecond counts as one, what is longer than thirty years as thirty years. aias/observations.py does the same.
create or replace function aias_private.histogram_bucket(p_seconds double precision)
returns smallint
language sql
immutable
parallel safe
strict
set search_path = pg_catalog, pg_temp
as $$
    select ceil(ln(least(greatest(p_seconds, 1e-6), 1e9)) / ln(1.01::double precision / 0.99))::smallint
$$;
revoke execute on function aias_private.histogram_bucket(double precision) from public;
comment on function aias_private.histogram_bucket(double precision) is 'The bucket of a duration in seconds.';
