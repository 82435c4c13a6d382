-- aias_private.log_levels: the levels that are at least as severe as one.
--
-- Returns   null for debug and for null: all of them.
-- Errors    JR422 p_level is none.
create or replace function aias_private.log_levels(p_level text)
returns text[]
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_levels constant text[] := array['debug', 'info', 'warning', 'error', 'critical'];
    v_place constant integer := array_position(v_levels, p_level);
begin
    if p_level is not null and v_place is null then
        raise exception 'a level is debug, info, warning, error or critical, not %', quote_literal(p_level)
            using errcode = 'JR422', column = 'p_level';
    end if;
    return case when v_place > 1 then v_levels[v_place:] end;
end;
$$;
revoke execute on function aias_private.log_levels(text) from public;
comment on function aias_private.log_levels(text) is 'The levels that are at least as severe as one; null for all.';
