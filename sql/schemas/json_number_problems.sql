-- aias_private.json_number_problems: where a number breaks the keywords for numbers.
--
-- Promise   arithmetic is exact (numeric): 0.3 is a multiple of 0.1.
create or replace function aias_private.json_number_problems(
    p_schema jsonb,
    p_number numeric
)
returns jsonb[]
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    v_problems jsonb[] := '{}';
begin
    if p_number < (p_schema -> 'minimum')::numeric then
        v_problems := v_problems || jsonb_build_object(
            'path', '', 'message', format('must be at least %s', p_schema -> 'minimum')
        );
    end if;
    if p_number > (p_schema -> 'maximum')::numeric then
        v_problems := v_problems || jsonb_build_object(
            'path', '', 'message', format('must be at most %s', p_schema -> 'maximum')
        );
    end if;
    if p_number <= (p_schema -> 'exclusiveMinimum')::numeric then
        v_problems := v_problems || jsonb_build_object(
            'path', '', 'message', format('must be more than %s', p_schema -> 'exclusiveMinimum')
        );
    end if;
    if p_number >= (p_schema -> 'exclusiveMaximum')::numeric then
        v_problems := v_problems || jsonb_build_object(
            'path', '', 'message', format('must be less than %s', p_schema -> 'exclusiveMaximum')
        );
    end if;
    if p_number % (p_schema -> 'multipleOf')::numeric <> 0 then
        v_problems := v_problems || jsonb_build_object(
            'path', '', 'message', format('must be a multiple of %s', p_schema -> 'multipleOf')
        );
    end if;
    return v_problems;
end;
$$;

revoke execute on function aias_private.json_number_problems(jsonb, numeric) from public;

comment on function aias_private.json_number_problems(jsonb, numeric) is
'Each keyword for numbers of a JSON Schema that a number breaks.';
