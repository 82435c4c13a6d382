-- aias_private.json_string_problems: where a string breaks the keywords for strings.
-- requires: aias_private.json_count_problem
-- requires: aias_private.json_format_matches
-- requires: aias_private.json_pattern_matches
--
-- Promise   lengths count characters (code points), patterns are searched for, not anchored.
create or replace function aias_private.json_string_problems(
    p_schema jsonb,
    p_text text
)
returns jsonb[]
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    v_problems jsonb[] := aias_private.json_count_problem(
        char_length(p_text), p_schema -> 'minLength', p_schema -> 'maxLength', 'characters'
    );
begin
    if not aias_private.json_pattern_matches(p_schema ->> 'pattern', p_text) then
        v_problems := v_problems || jsonb_build_object(
            'path', '', 'message', format('must match the pattern %s', p_schema ->> 'pattern')
        );
    end if;
    if not aias_private.json_format_matches(p_schema ->> 'format', p_text) then
        v_problems := v_problems || jsonb_build_object(
            'path', '', 'message', format('must be a valid %s', p_schema ->> 'format')
        );
    end if;
    return v_problems;
end;
$$;

revoke execute on function aias_private.json_string_problems(jsonb, text) from public;

comment on function aias_private.json_string_problems(jsonb, text) is
'Each keyword for strings of a JSON Schema that a text breaks.';
