-- aias_private.json_schema_problems: everything that is wrong with a value, by its schema.
-- requires: aias_private.json_schema_check
--
-- Caller    assert_json_input, and the application of a workflow for its own examples.
-- Promise   no row means valid; else at most 50 rows. The schema is one that json_schema_refusals accepts: no
--           keyword outside of the subset is looked at here, and one of a wrong type raises a cast error. A schema
--           that is SQL null allows everything; a value that is SQL null is checked as JSON null.
-- Work      bounded: 100,000 units (see json_schema_check), about a second; then the answer is one problem that
--           says so. Depth likewise: 200 levels of values and alternatives together.
create or replace function aias_private.json_schema_problems(
    p_schema jsonb,
    p_instance jsonb
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
    -- #> '{}' keeps the value but unpacks it once: each -> on a compressed one would unpack it again
    v_schema jsonb := coalesce(p_schema #> '{}', 'true');
    v_instance jsonb := coalesce(p_instance #> '{}', 'null');
    v_check record := aias_private.json_schema_check(v_schema, v_schema, v_instance, 0, 100000, 50);
begin
    if v_check.budget = 0 then
        path := '$';
        message := 'takes too much work to check against its schema: it must be smaller, or the schema simpler';
        return next;
    elsif v_check.budget < 0 then
        path := '$';
        message := 'is nested too deeply to check against its schema';
        return next;
    elsif v_check.problems <> '{}' then
        return query
        select
            left('$' || (p.problem ->> 'path'), 1000),
            p.problem ->> 'message'
        from unnest(v_check.problems) with ordinality as p (problem, place)
        order by p.place;
    end if;
end;
$$;

revoke execute on function aias_private.json_schema_problems(jsonb, jsonb) from public;

comment on function aias_private.json_schema_problems(jsonb, jsonb) is
'The problems of a JSON value by its JSON Schema, each with its path; no row when it is valid.';
