-- aias_private.has_unloadable_number: is there a number inside that some client can't load?
--
-- Promise   true for a number of 1e308 or more in size (309 digits: JSON readers with a bound refuse it, those without
--           make infinity of it) and for one with more than 400 decimals. PostgreSQL keeps up to 131,072 digits: the
--           literal 1e5000 makes Python's json raise, and with it whoever reads the row.
-- Same rule is_safe_args, which stands in a migration; tests/schemas/test_is_safe_args.py holds the two together.
-- Cost      linear: jsonb_path_query_array, because jsonb_path_query shifts its list for each row that it returns.
--           The caller bounds the depth first, which bounds the recursion here.
create or replace function aias_private.has_unloadable_number(
    p_value jsonb
)
returns boolean
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select
        from
            jsonb_array_elements(
                jsonb_path_query_array(p_value, 'strict $.** ? (@.type() == "number")')
            ) as number (value)
        where abs(number.value::numeric) >= 1e308 or scale(number.value::numeric) > 400
    );
end;
$$;

revoke execute on function aias_private.has_unloadable_number(jsonb) from public;

comment on function aias_private.has_unloadable_number(jsonb) is
'True when a JSON value contains a number that common JSON readers refuse or make infinite.';
