-- aias_private.metric_id: the id of a row of a rollup, made of its period and of what it counts.
--
-- Promise   a UUID whose time is the period's beginning (so that it lies in the month's partition), the same for the same count.
create or replace function aias_private.metric_id(
    p_at timestamptz,
    p_metric text,
    p_key text,
    p_detail text,
    p_plan text
)
returns uuid
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select (
        left(replace(aias_private.uuid7_floor(p_at)::text, '-', ''), 12)
        || right(md5(p_metric || chr(31) || p_key || chr(31) || p_detail || chr(31) || p_plan), 20)
    )::uuid
$$;
revoke execute on function aias_private.metric_id(timestamptz, text, text, text, text) from public;
comment on function aias_private.metric_id(timestamptz, text, text, text, text) is
'The id under which the observations of a period are counted.';
