-- aias_private.telemetry_ids: ids for events that are stored together.
--
-- Promise   UUIDv7 (RFC 9562) of this moment by the one clock, in ascending order: a counter stands in the 12 bits after the time
--           and in the 12 bits after the variant, 48 random bits behind them tell this call from others of the millisecond.
-- Plan      a third of the time of as many calls of uuid7(), which is no part of the statement that calls it.
-- Errors    JR422 p_count is out of range.
create or replace function aias_private.telemetry_ids(p_count integer)
returns uuid[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_head constant text := substr(aias_private.uuid7_floor(aias_private.now())::text, 1, 14) || '7';
    v_tail constant text := substr(replace(gen_random_uuid()::text, '-', ''), 1, 12);
begin
    if p_count is null or p_count not between 0 and 16777216 then
        raise exception 'between 0 and 16777216 ids are made together, not %', p_count
            using errcode = 'JR422', column = 'p_count';
    end if;
    return array(
        select (v_head || lpad(to_hex(n >> 12), 3, '0') || '8' || lpad(to_hex(n & 4095), 3, '0') || v_tail)::uuid
        from generate_series(0, p_count - 1) as n
        order by n
    );
end;
$$;
revoke execute on function aias_private.telemetry_ids(integer) from public;
comment on function aias_private.telemetry_ids(integer) is 'Ascending UUIDv7s of this moment.';
