-- aias_private.json_array_problems: where an array breaks the keywords that look at it as a whole.
-- requires: aias_private.json_count_problem
create or replace function aias_private.json_array_problems(
    p_schema jsonb,
    p_array jsonb
)
returns jsonb[]
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    v_problems jsonb[] := aias_private.json_count_problem(
        jsonb_array_length(p_array), p_schema -> 'minItems', p_schema -> 'maxItems', 'items'
    );
    v_first integer;
    v_second integer;
begin
    if (p_schema -> 'uniqueItems')::boolean then
        select
            min(i.place),
            max(i.place)
        into v_first, v_second
        from jsonb_array_elements(p_array) with ordinality as i (item, place)
        group by i.item
        having count(*) > 1
        order by min(i.place)
        limit 1;
        if found then
            v_problems := v_problems || jsonb_build_object(
                'path', format('[%s]', v_second - 1),
                'message', format('repeats item %s, and the items must be unique', v_first - 1)
            );
        end if;
    end if;
    return v_problems;
end;
$$;

revoke execute on function aias_private.json_array_problems(jsonb, jsonb) from public;

comment on function aias_private.json_array_problems(jsonb, jsonb) is
'Each keyword of a JSON Schema about an array''s length and uniqueness that it breaks.';
