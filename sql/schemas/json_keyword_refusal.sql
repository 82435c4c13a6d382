-- aias_private.json_keyword_refusal: why a keyword with this value is not accepted in a schema.
-- requires: aias_private.json_pattern_refusal
--
-- Caller    json_schema_refusals, for each keyword of each schema. That the schemas inside are schemas, and that a
--           reference leads somewhere, is its business.
-- Promise   null for a keyword of the subset with a value of the right type; else the end of a sentence that starts
--           with the keyword. A keyword that is not known is refused: ignored, it would let through what it forbids.
create or replace function aias_private.json_keyword_refusal(
    p_keyword text,
    p_value jsonb
)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    v_type text := jsonb_typeof(p_value);
    v_types constant text[] := array['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];
    v_formats constant text[] := '{date,date-time,email,hostname,ipv4,time,uri,uuid}';
begin
    if p_keyword in ('const', 'default')
        -- a schema: looked at where it is met
        or p_keyword in (
            'additionalProperties', 'contains', 'else', 'if', 'items', 'not', 'propertyNames', 'then'
        )
    then
        return null;
    elsif p_keyword in ('title', 'description', '$comment', '$id', 'contentMediaType') then
        return case when v_type <> 'string' then 'must be a string' end;
    elsif p_keyword in ('deprecated', 'readOnly', 'writeOnly', 'uniqueItems') then
        return case when v_type <> 'boolean' then 'must be true or false' end;
    elsif p_keyword = 'examples' then
        return case when v_type <> 'array' then 'must be an array' end;
    elsif p_keyword = '$schema' then
        return case
            when p_value not in (
                '"https://json-schema.org/draft/2020-12/schema"', '"https://json-schema.org/draft/2020-12/schema#"'
            ) then 'must be "https://json-schema.org/draft/2020-12/schema": other dialects are not supported'
        end;
    elsif p_keyword = '$ref' then
        return case
            when v_type <> 'string' or p_value #>> '{}' !~ '^#(?:/\$defs/[A-Za-z0-9_.-]{1,200})?$'
                then 'must be "#" or "#/$defs/name" (letters, digits, ".", "_" and "-"): nothing else is followed'
        end;
    elsif p_keyword = 'type' then
        return case
            when v_type not in ('string', 'array') or p_value in ('[]', '""')
                then 'must be a type name or an array of them'
            when not v_types @> array(
                select coalesce(t.name #>> '{}', '') from jsonb_path_query(p_value, 'lax $[*]') as t (name)
            ) then format(
                'names an unknown type: %s (known: %s)', left(p_value::text, 100), array_to_string(v_types, ', ')
            )
        end;
    elsif p_keyword = 'enum' then
        return case when v_type <> 'array' or p_value = '[]' then 'must be an array with at least one value' end;
    elsif p_keyword in ('properties', 'patternProperties', '$defs') then
        return case when v_type <> 'object' then 'must be an object of schemas' end;
    elsif p_keyword in ('allOf', 'anyOf', 'oneOf', 'prefixItems') then
        return case
            when v_type <> 'array' or p_value = '[]' then 'must be an array with at least one schema'
        end;
    elsif p_keyword = 'required' then
        return case
            when v_type <> 'array' or jsonb_path_exists(p_value, 'strict $[*] ? (@.type() != "string")')
                or jsonb_array_length(p_value) <> (select count(distinct n) from jsonb_array_elements(p_value) as n)
                then 'must be an array of property names, each once'
        end;
    elsif p_keyword = 'dependentRequired' then
        return case
            when v_type <> 'object' then 'must be an object of arrays of property names'
            when exists (
                select
                from jsonb_each(p_value) as d
                where aias_private.json_keyword_refusal('required', d.value) is not null
            ) then 'must be an object of arrays of property names, each once'
        end;
    elsif p_keyword in ('minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum') then
        return case when v_type <> 'number' then 'must be a number' end;
    elsif p_keyword = 'multipleOf' then
        return case when not jsonb_path_exists(p_value, 'strict $ ? (@ > 0)') then 'must be a number above 0' end;
    elsif p_keyword in (
        'minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties', 'minContains', 'maxContains'
    ) then
        return case
            when not jsonb_path_exists(p_value, 'strict $ ? (@ >= 0 && @ == @.floor())')
                then 'must be a whole number, 0 or more'
        end;
    elsif p_keyword = 'pattern' then
        if v_type <> 'string' then
            return 'must be a string';
        end if;
        return aias_private.json_pattern_refusal(p_value #>> '{}');
    elsif p_keyword = 'format' then
        return case
            when v_type <> 'string' or not p_value #>> '{}' = any(v_formats)
                then 'is not a known format (known: ' || array_to_string(v_formats, ', ') || ')'
        end;
    end if;
    return 'is a keyword that is not supported' || case p_keyword
        when 'definitions' then ' (use $defs)'
        when 'dependencies' then ' (use dependentRequired, or if and then)'
        when 'dependentSchemas' then ' (use if and then)'
        when 'additionalItems' then ' (use prefixItems and items)'
        when 'unevaluatedProperties' then ' (use additionalProperties)'
        when 'unevaluatedItems' then ' (use items)'
        else ''
    end;
end;
$$;

revoke execute on function aias_private.json_keyword_refusal(text, jsonb) from public;

comment on function aias_private.json_keyword_refusal(text, jsonb) is
'Why a keyword of a JSON Schema is refused, as the end of a sentence; null when it is accepted.';
