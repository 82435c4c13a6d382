-- aias_private.json_schema_refusals: everything that keeps a schema from being used.
-- requires: aias_private.json_input_problems
-- requires: aias_private.json_keyword_refusal
-- requires: aias_private.json_path_step
-- requires: aias_private.json_pattern_refusal
--
-- Caller    apply_workflow and whoever else stores a schema.
-- Promise   no row (SQL null gives none) means that json_schema_problems takes the schema and looks at every keyword
--           of it; else at most 50 rows, paths inside the schema. Limits: 100,000 bytes, 32 schemas deep, 80 levels of
--           JSON, 32 references in a row.
-- Loops     a reference that leads back to its own schema without going into a value on the way would never end.
--           References between $defs that apply to the same value are gathered, and those that lead to a schema
--           without further ones are taken away, round by round: what stays goes round in circles.
create or replace function aias_private.json_schema_refusals(
    p_schema jsonb
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
    v_root jsonb := p_schema #> '{}';
    -- the schemas still to look at; a home is the name by which a reference reaches the schema that applies to the
    -- same value: # or #/$defs/name, null where there is none
    v_schemas jsonb[] := array[v_root];
    v_paths text[] := '{$}';
    v_levels integer[] := '{1}';
    v_homes text[] := array['#'];
    v_next integer := 1;
    v_schema jsonb;
    v_keyword text;
    v_value jsonb;
    v_place text;
    v_reason text;
    v_inner record;
    v_sources text[] := '{}';
    v_targets text[] := '{}';
    v_places text[] := '{}';
    v_count integer := 0;
begin
    if p_schema is null then
        return;
    end if;
    return query select p.path, p.message from aias_private.json_input_problems(v_root, 100000, 80) as p;
    if found then
        return;
    end if;

    while v_next <= cardinality(v_schemas) and v_count < 50 loop
        v_schema := v_schemas[v_next];
        if jsonb_typeof(v_schema) = 'object' and v_levels[v_next] > 32 then
            path := v_paths[v_next];
            message := 'is nested more than 32 schemas deep';
            return next;
            return;
        elsif jsonb_typeof(v_schema) not in ('object', 'boolean') then
            path := v_paths[v_next];
            message := 'must be a schema: an object, true or false';
            v_count := v_count + 1;
            return next;
        end if;
        for v_keyword, v_value in
            select
                e.key,
                e.value
            from jsonb_each(case when jsonb_typeof(v_schema) = 'object' then v_schema else '{}' end) as e
        loop
            v_place := v_paths[v_next] || aias_private.json_path_step(v_keyword);
            v_reason := aias_private.json_keyword_refusal(v_keyword, v_value);
            if v_reason is null then
                if v_keyword in ('then', 'else') and not v_schema ? 'if' then
                    v_reason := 'has no effect without if';
                elsif v_keyword in ('minContains', 'maxContains') and not v_schema ? 'contains' then
                    v_reason := 'has no effect without contains';
                elsif v_keyword = '$id' and v_next > 1 then
                    v_reason := 'is supported at the top of the schema only';
                elsif v_keyword = '$ref' then
                    if v_value <> '"#"' and v_root #> array['$defs', substr(v_value #>> '{}', 9)] is null then
                        v_reason := 'refers to nothing: ' || left(v_value::text, 100);
                    elsif v_homes[v_next] is not null then
                        v_sources := v_sources || v_homes[v_next];
                        v_targets := v_targets || (v_value #>> '{}');
                        v_places := v_places || v_place;
                    end if;
                end if;
            end if;
            if v_reason is not null then
                path := left(v_place, 1000);
                message := v_reason;
                v_count := v_count + 1;
                return next;
                continue;
            end if;

            -- the schemas inside
            if v_keyword in (
                'additionalProperties', 'contains', 'else', 'if', 'items', 'not', 'propertyNames', 'then'
            ) then
                v_schemas := v_schemas || v_value;
                v_paths := v_paths || v_place;
                v_levels := v_levels || (v_levels[v_next] + 1);
                v_homes := v_homes || case when v_keyword in ('not', 'if', 'then', 'else') then v_homes[v_next] end;
            elsif v_keyword in ('allOf', 'anyOf', 'oneOf', 'prefixItems') then
                for v_index in 0 .. jsonb_array_length(v_value) - 1 loop
                    v_schemas := v_schemas || (v_value -> v_index);
                    v_paths := v_paths || format('%s[%s]', v_place, v_index);
                    v_levels := v_levels || (v_levels[v_next] + 1);
                    v_homes := v_homes || case when v_keyword <> 'prefixItems' then v_homes[v_next] end;
                end loop;
            elsif v_keyword in ('properties', 'patternProperties', '$defs') then
                for v_inner in select e.key, e.value from jsonb_each(v_value) as e loop
                    if v_keyword = 'patternProperties'
                        and aias_private.json_pattern_refusal(v_inner.key) is not null
                    then
                        path := left(v_place || aias_private.json_path_step(v_inner.key), 1000);
                        message := aias_private.json_pattern_refusal(v_inner.key);
                        v_count := v_count + 1;
                        return next;
                    end if;
                    v_schemas := v_schemas || v_inner.value;
                    v_paths := v_paths || (v_place || aias_private.json_path_step(v_inner.key));
                    v_levels := v_levels || (v_levels[v_next] + 1);
                    v_homes := v_homes || case
                        when v_keyword = '$defs' and v_next = 1 then '#/$defs/' || v_inner.key
                    end;
                end loop;
            end if;
        end loop;
        v_next := v_next + 1;
    end loop;

    for v_round in 1 .. 32 loop
        exit when cardinality(v_sources) = 0;
        select
            coalesce(array_agg(r.source order by r.place), '{}'),
            coalesce(array_agg(r.target order by r.place), '{}'),
            coalesce(array_agg(r.place order by r.place), '{}')
        into v_sources, v_targets, v_places
        from unnest(v_sources, v_targets, v_places) as r (source, target, place)
        where r.target in (select unnest(v_sources));
    end loop;
    if cardinality(v_sources) > 0 then
        path := left(v_places[1], 1000);
        message := 'refers back to itself without going into a value, or through more than 32 references';
        return next;
    end if;
end;
$$;

revoke execute on function aias_private.json_schema_refusals(jsonb) from public;

comment on function aias_private.json_schema_refusals(jsonb) is
'Why a JSON Schema is refused, each problem with its path in the schema; no row when it is accepted.';
