-- aias_private.json_input_problems: what makes a JSON value unfit to be stored, whatever its schema.
-- requires: aias_private.has_unloadable_number
-- requires: aias_private.unloadable_number_path
--
-- Caller    assert_json_input, and the check of schemas and definitions.
-- Promise   no row means that every client can load the value. SQL null is a problem. Null limits mean 1,000,000
--           bytes and 64 levels. What jsonb itself never lets in needs no check here: \u0000, lone surrogates, NaN,
--           Infinity, numbers past 131,072 digits.
-- Order     first the size in memory, which is at most 4 times that of the text and a constant: far too large is told
--           without a look inside. Then depth, because it bounds the recursion of the rest (a value 1,000 deep is
--           answered at once); then numbers, because 0e-16000 takes 8 characters and 16,000 as text; then the text.
-- Object    whether it must be one is the schema's business: {"type": "object"}.
create or replace function aias_private.json_input_problems(
    p_value jsonb,
    p_max_bytes integer,
    p_max_depth integer
)
returns table (
    path text,
    message text
)
language plpgsql
immutable
parallel safe
rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
    v_value jsonb := p_value #> '{}';    -- unpacked once
    v_max_bytes integer := coalesce(p_max_bytes, 1000000);
    v_max_depth integer := least(greatest(coalesce(p_max_depth, 64), 0), 1000);
    v_bytes integer;
begin
    path := '$';
    if v_value is null then
        message := 'must not be null';
        return next;
    elsif pg_column_size(v_value) > 5 * v_max_bytes::bigint + 1000 then
        message := format('is far too long, at most %s bytes are allowed', v_max_bytes);
        return next;
    elsif jsonb_path_exists(v_value, ('strict $.**{' || v_max_depth + 1 || '}')::jsonpath) then
        message := format('is nested more than %s levels deep', v_max_depth);
        return next;
    elsif aias_private.has_unloadable_number(v_value) then
        if pg_column_size(v_value) < 100000 then
            path := aias_private.unloadable_number_path(v_value);
            message := 'is a number out of range: its size must be below 1e308, its decimals at most 400';
        else
            message := 'has a number out of range: its size must be below 1e308, its decimals at most 400';
        end if;
        return next;
    else
        v_bytes := octet_length(v_value::text);
        if v_bytes > v_max_bytes then
            message := format('is %s bytes long, at most %s are allowed', v_bytes, v_max_bytes);
            return next;
        end if;
    end if;
end;
$$;

revoke execute on function aias_private.json_input_problems(jsonb, integer, integer) from public;

comment on function aias_private.json_input_problems(jsonb, integer, integer) is
'Why a JSON value is unfit to be stored (size, nesting, numbers out of range); no row when it is fit.';
