-- aias_private.json_object_problems: where an object breaks the keywords that look at its keys alone.
-- requires: aias_private.json_count_problem
-- requires: aias_private.json_path_step
create or replace function aias_private.json_object_problems(
    p_schema jsonb,
    p_object jsonb
)
returns jsonb[]
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    v_problems jsonb[] := '{}';
    v_required jsonb := p_schema -> 'required';
    v_key text;
    v_name text;
begin
    for v_index in 0 .. jsonb_array_length(coalesce(v_required, '[]')) - 1 loop
        if not p_object ? (v_required ->> v_index) then
            v_problems := v_problems || jsonb_build_object(
                'path', aias_private.json_path_step(v_required ->> v_index), 'message', 'is required'
            );
        end if;
    end loop;
    if p_schema ? 'dependentRequired' then
        for v_key, v_name in
            select d.key, n.name
            from
                jsonb_each(p_schema -> 'dependentRequired') as d,
                jsonb_array_elements_text(d.value) as n (name)
            where p_object ? d.key and not p_object ? n.name
        loop
            v_problems := v_problems || jsonb_build_object(
                'path', aias_private.json_path_step(v_name),
                'message', format('is required where %s is given', to_json(left(v_key, 60)))
            );
        end loop;
    end if;
    if p_schema ?| '{minProperties,maxProperties}' then
        v_problems := v_problems || aias_private.json_count_problem(
            (select count(*)::integer from jsonb_object_keys(p_object)),
            p_schema -> 'minProperties', p_schema -> 'maxProperties', 'properties'
        );
    end if;
    return v_problems;
end;
$$;

revoke execute on function aias_private.json_object_problems(jsonb, jsonb) from public;

comment on function aias_private.json_object_problems(jsonb, jsonb) is
'Each keyword of a JSON Schema about an object''s keys (required and the counts) that it breaks.';
