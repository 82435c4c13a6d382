-- aias_private.upstream_call_id: the id of a row of upstream_calls, made of its minute and of what it counts.
--
-- Promise   a UUID whose time is the minute (so that it lies in the month's partition), the same for the same count.
create or replace function aias_private.upstream_call_id(
    p_minute timestamptz,
    p_integration uuid,
    p_operation text,
    p_status_class text
)
returns uuid
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select (
        left(replace(aias_private.uuid7_floor(p_minute)::text, '-', ''), 12)
        || right(md5(p_integration::text || ' ' || p_status_class || ' ' || p_operation), 20)
    )::uuid
$$;
revoke execute on function aias_private.upstream_call_id(timestamptz, uuid, text, text) from public;
comment on function aias_private.upstream_call_id(timestamptz, uuid, text, text) is
'The id under which the calls of a minute are counted.';
