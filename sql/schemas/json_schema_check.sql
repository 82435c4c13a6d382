-- aias_private.json_schema_check: one value against one schema, and all inside it.
-- requires: aias_private.json_array_problems
-- requires: aias_private.json_number_problems
-- requires: aias_private.json_object_problems
-- requires: aias_private.json_path_step
-- requires: aias_private.json_pattern_matches
-- requires: aias_private.json_problems_at
-- requires: aias_private.json_string_problems
--
-- Caller    json_schema_problems, and itself for each schema inside the schema.
-- Promise   problems: at most p_limit, paths relative to the value; more than none means invalid.
--           budget: what is left of p_budget. 0 (too much work) or -1 (too deep) means that the check gave up: then
--           the problems say nothing, and each caller stops at once, so that giving up inside a `not` can't turn
--           into valid.
-- Work      a budget unit is about 10 microseconds: a schema applied to a value (one more for alternatives and
--           references); 1,000 bytes of the schema or 500 of the value, gone through; 10 names that are required;
--           8 characters matched against a pattern (3 of a long text); 5 items compared with each other. Not exact,
--           but nothing that grows is free. Depth is bounded because each level takes C stack.
-- Why one   objects, arrays and alternatives call each other: split, each level would cost twice the stack.
create or replace function aias_private.json_schema_check(
    p_root jsonb,
    p_schema jsonb,
    p_value jsonb,
    p_level integer,
    p_budget integer,
    p_limit integer,
    out problems jsonb[],
    out budget integer
)
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    v_type text := jsonb_typeof(p_value);
    v_argument jsonb;
    v_schema jsonb;
    v_properties jsonb;
    v_patterns text[];
    v_key text;
    v_item jsonb;
    v_schemas jsonb[];
    v_count integer;
    v_reasons text[];
    v_inner record;
begin
    problems := '{}';
    budget := p_budget;
    if budget > 0 then
        budget := greatest(
            budget - 1 - pg_column_size(p_schema) / 1000 - pg_column_size(p_value) / 500
            - coalesce(jsonb_array_length(p_schema -> 'required'), 0) / 10,
            0
        );
    end if;
    if budget <= 0 then
        return;
    elsif jsonb_typeof(p_schema) = 'boolean' then
        if not p_schema::boolean then
            problems := array['{"path": "", "message": "is not allowed"}'::jsonb];
        end if;
        return;
    elsif p_level > 200 then
        budget := -1;
        return;
    end if;

    -- the value itself; one of the wrong type is not looked at further
    v_argument := p_schema -> 'type';
    if not v_argument ? v_type
        and not (v_type = 'number' and v_argument ? 'integer' and trunc(p_value::numeric) = p_value::numeric)
    then
        problems := array[
            jsonb_build_object(
                'path', '', 'message',
                format(
                    'must be %s, is %s',
                    replace(translate(v_argument::text, '[]"', ''), ', ', ' or '),
                    case when v_type = 'number' and v_argument ? 'integer' then 'a number with decimals' else v_type end
                )
            )
        ];
        return;
    end if;
    if p_schema ? 'const' and p_value <> p_schema -> 'const' then
        problems := problems || jsonb_build_object(
            'path', '', 'message', format('must be %s', left((p_schema -> 'const')::text, 200))
        );
    end if;
    if p_schema ? 'enum' then
        v_argument := p_schema -> 'enum';
        -- containment is quick and exact for scalars only
        if v_type not in ('object', 'array') and not v_argument @> p_value
            or v_type in ('object', 'array') and p_value <> all (array(select jsonb_array_elements(v_argument)))
        then
            problems := problems || jsonb_build_object(
                'path', '', 'message',
                format('must be one of %s', left(translate(v_argument::text, '[]', ''), 200))
            );
        end if;
    end if;

    if v_type = 'string' then
        if p_schema ?| '{minLength,maxLength,pattern,format}' then
            if p_schema ? 'pattern' then
                v_count := char_length(p_value #>> '{}');
                budget := greatest(budget - v_count / case when v_count > 1000 then 3 else 8 end, 0);
                if budget = 0 then
                    return;
                end if;
            end if;
            problems := problems || aias_private.json_string_problems(p_schema, p_value #>> '{}');
        end if;
    elsif v_type = 'number' then
        if p_schema ?| '{minimum,maximum,exclusiveMinimum,exclusiveMaximum,multipleOf}' then
            problems := problems || aias_private.json_number_problems(p_schema, p_value::numeric);
        end if;
    elsif v_type = 'object' then
        if p_schema ?| '{required,dependentRequired,minProperties,maxProperties}' then
            problems := problems || aias_private.json_object_problems(p_schema, p_value);
        end if;
        if p_schema ?| '{properties,patternProperties,additionalProperties,propertyNames}' then
            v_properties := p_schema -> 'properties';
            if p_schema ? 'patternProperties' then
                v_patterns := array(select jsonb_object_keys(p_schema -> 'patternProperties'));
                budget := greatest(budget - cardinality(v_patterns), 0);
            end if;
            v_argument := p_schema -> 'additionalProperties';
            for v_key, v_item in
                select
                    e.key,
                    e.value
                from jsonb_each(p_value) as e
                where
                    p_schema ?| '{patternProperties,additionalProperties,propertyNames}'
                    or v_properties ? e.key
            loop
                v_schemas := array_remove(array[v_properties -> v_key], null);
                for v_index in 1 .. coalesce(cardinality(v_patterns), 0) loop
                    budget := greatest(budget - 1 - char_length(v_key) / 8, 0);
                    if budget > 0 and aias_private.json_pattern_matches(v_patterns[v_index], v_key) then
                        v_schemas := v_schemas || (p_schema -> 'patternProperties' -> v_patterns[v_index]);
                    end if;
                end loop;
                if v_argument is not null and cardinality(v_schemas) = 0 then
                    v_schemas := array[v_argument];
                end if;
                foreach v_schema in array v_schemas loop
                    v_inner := aias_private.json_schema_check(
                        p_root, v_schema, v_item, p_level + 1, budget, p_limit
                    );
                    budget := v_inner.budget;
                    if v_inner.problems <> '{}' then
                        problems := problems || aias_private.json_problems_at(
                            aias_private.json_path_step(v_key), v_inner.problems
                        );
                    end if;
                    exit when budget <= 0;
                end loop;
                if p_schema ? 'propertyNames' and budget > 0 then
                    v_inner := aias_private.json_schema_check(
                        p_root, p_schema -> 'propertyNames', to_jsonb(v_key), p_level + 1, budget, 1
                    );
                    budget := v_inner.budget;
                    if v_inner.problems <> '{}' then
                        problems := problems || jsonb_build_object(
                            'path', aias_private.json_path_step(v_key),
                            'message', 'has a name that ' || (v_inner.problems[1] ->> 'message')
                        );
                    end if;
                end if;
                exit when budget <= 0 or cardinality(problems) >= p_limit;
            end loop;
        end if;
    elsif v_type = 'array' then
        if p_schema ?| '{minItems,maxItems,uniqueItems}' then
            budget := greatest(budget - jsonb_array_length(p_value) / 5, 0);
            if budget = 0 then
                return;
            end if;
            problems := problems || aias_private.json_array_problems(p_schema, p_value);
        end if;
        if p_schema ?| '{items,prefixItems}' then
            v_argument := coalesce(p_schema -> 'prefixItems', '[]');
            for v_index in 0 .. jsonb_array_length(p_value) - 1 loop
                v_schema := coalesce(v_argument -> v_index, p_schema -> 'items');
                exit when v_schema is null;
                v_inner := aias_private.json_schema_check(
                    p_root, v_schema, p_value -> v_index, p_level + 1, budget, p_limit
                );
                budget := v_inner.budget;
                if v_inner.problems <> '{}' then
                    problems := problems || aias_private.json_problems_at(
                        format('[%s]', v_index), v_inner.problems
                    );
                end if;
                exit when budget <= 0 or cardinality(problems) >= p_limit;
            end loop;
        end if;
        if p_schema ? 'contains' and budget > 0 then
            v_count := 0;
            for v_index in 0 .. jsonb_array_length(p_value) - 1 loop
                v_inner := aias_private.json_schema_check(
                    p_root, p_schema -> 'contains', p_value -> v_index, p_level + 1, budget, 1
                );
                budget := v_inner.budget;
                exit when budget <= 0;
                v_count := v_count + (v_inner.problems = '{}')::integer;
            end loop;
            if v_count < coalesce((p_schema -> 'minContains')::numeric, 1) then
                problems := problems || jsonb_build_object(
                    'path', '', 'message',
                    format(
                        'must contain at least %s matching items, has %s',
                        coalesce(p_schema -> 'minContains', '1'), v_count
                    )
                );
            elsif v_count > (p_schema -> 'maxContains')::numeric then
                problems := problems || jsonb_build_object(
                    'path', '', 'message',
                    format('must contain no more than %s matching items, has %s', p_schema -> 'maxContains', v_count)
                );
            end if;
        end if;
    end if;

    -- schemas that apply to the value as a whole
    if budget > 0 and p_schema ?| '{$ref,allOf,if,anyOf,oneOf,not}' then
        budget := budget - 1;
        v_schemas := '{}';
        if p_schema ? '$ref' then
            v_key := p_schema ->> '$ref';
            v_schemas := array[
                case when v_key = '#' then p_root else coalesce(p_root #> array['$defs', substr(v_key, 9)], 'false') end
            ];
        end if;
        if p_schema ? 'allOf' then
            v_schemas := v_schemas || array(select jsonb_array_elements(p_schema -> 'allOf'));
        end if;
        if p_schema ? 'if' then
            v_inner := aias_private.json_schema_check(
                p_root, p_schema -> 'if', p_value, p_level + 1, budget, 1
            );
            budget := v_inner.budget;
            v_schema := p_schema -> case when v_inner.problems = '{}' then 'then' else 'else' end;
            v_schemas := v_schemas || array_remove(array[v_schema], null);
        end if;
        foreach v_schema in array v_schemas loop
            exit when budget <= 0 or cardinality(problems) >= p_limit;
            v_inner := aias_private.json_schema_check(
                p_root, v_schema, p_value, p_level + 1, budget, p_limit
            );
            budget := v_inner.budget;
            problems := problems || v_inner.problems;
        end loop;
        foreach v_key in array '{anyOf,oneOf}'::text[] loop
            v_reasons := '{}';
            v_count := 0;
            for v_index in 0 .. jsonb_array_length(coalesce(p_schema -> v_key, '[]')) - 1 loop
                exit when budget <= 0;
                v_inner := aias_private.json_schema_check(
                    p_root, p_schema -> v_key -> v_index, p_value, p_level + 1, budget, 1
                );
                budget := v_inner.budget;
                if v_inner.problems = '{}' then
                    v_count := v_count + 1;
                    exit when v_key = 'anyOf' or v_count > 1;
                elsif cardinality(v_reasons) < 3 then
                    v_reasons := v_reasons || ltrim(
                        (v_inner.problems[1] ->> 'path') || ' ' || left(v_inner.problems[1] ->> 'message', 200)
                    );
                end if;
            end loop;
            if v_count > 1 then
                problems := problems || jsonb_build_object(
                    'path', '', 'message', 'must match exactly one of the alternatives, matches more'
                );
            elsif v_count = 0 and p_schema ? v_key then
                problems := problems || jsonb_build_object(
                    'path', '', 'message', 'matches none of the alternatives: ' || array_to_string(v_reasons, '; ')
                );
            end if;
        end loop;
        if p_schema ? 'not' and budget > 0 then
            v_inner := aias_private.json_schema_check(
                p_root, p_schema -> 'not', p_value, p_level + 1, budget, 1
            );
            budget := v_inner.budget;
            if v_inner.problems = '{}' then
                problems := problems || '{"path": "", "message": "matches what is not allowed"}'::jsonb;
            end if;
        end if;
    end if;
    problems := problems[: p_limit];
end;
$$;

revoke execute on function aias_private.json_schema_check(jsonb, jsonb, jsonb, integer, integer, integer)
from public;

comment on function aias_private.json_schema_check(jsonb, jsonb, jsonb, integer, integer, integer) is
'Checks a value against a schema within a budget; gives the problems and what is left of the budget.';
