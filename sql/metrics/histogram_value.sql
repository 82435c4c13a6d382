-- aias_private.histogram_value: the duration that a bucket stands for.
--
-- Promise   within 1 % of every duration in the bucket: the point between its bounds that is as far from both, relatively.
create or replace function aias_private.histogram_value(p_bucket integer)
returns double precision
language sql
immutable
parallel safe
strict
set search_path = pg_catalog, pg_temp
as $$
    select 2 * power(1.01::double precision / 0.99, p_bucket) / (1.01::double precision / 0.99 + 1)
$$;
revoke execute on function aias_private.histogram_value(integer) from public;
comment on function aias_private.histogram_value(integer) is 'The duration in seconds that a bucket stands for.';
