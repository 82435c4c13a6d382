-- aias_private.assert_json_input: refuse a JSON argument that is unfit or breaks its schema.
-- requires: aias_private.json_input_problems
-- requires: aias_private.json_schema_problems
--
-- Caller    every function that takes JSON from outside, before it stores anything, in the caller's transaction.
-- Promise   returns only when the value has at most p_max_bytes bytes (null: 1,000,000) and 64 levels, its numbers
--           can be loaded, and the schema (one that json_schema_refusals accepts; null allows everything) holds.
--           Volatile, although it reads nothing: the planner must never drop or fold a call that is made to raise.
-- Errors    JR422 column: p_argument; message: the first problem with its path, and how many more there are;
--           detail: all of them (at most 50), as a JSON array of {"path", "message"}.
create or replace function aias_private.assert_json_input(
    p_argument text,
    p_value jsonb,
    p_schema jsonb,
    p_max_bytes integer
)
returns void
language plpgsql
volatile
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    v_problems jsonb;
    v_count integer;
begin
    v_problems := (
        select jsonb_agg(jsonb_build_object('path', p.path, 'message', p.message))
        from aias_private.json_input_problems(p_value, p_max_bytes, 64) as p
    );
    if v_problems is null and p_schema is not null then
        v_problems := (
            select jsonb_agg(jsonb_build_object('path', p.path, 'message', p.message))
            from aias_private.json_schema_problems(p_schema, p_value) as p
        );
    end if;
    if v_problems is not null then
        v_count := jsonb_array_length(v_problems);
        raise exception using
            errcode = 'JR422',
            message = format(
                '%s: %s %s%s',
                p_argument,
                v_problems -> 0 ->> 'path',
                v_problems -> 0 ->> 'message',
                case
                    when v_count = 1 then ''
                    when v_count = 2 then ' (and 1 more problem)'
                    when v_count < 50 then format(' (and %s more problems)', v_count - 1)
                    else ' (and at least 49 more problems)'
                end
            ),
            detail = v_problems::text,
            column = p_argument;
    end if;
end;
$$;

revoke execute on function aias_private.assert_json_input(text, jsonb, jsonb, integer) from public;

comment on function aias_private.assert_json_input(text, jsonb, jsonb, integer) is
'Raises JR422 with every problem when a JSON argument is unfit to be stored or breaks its schema.';
