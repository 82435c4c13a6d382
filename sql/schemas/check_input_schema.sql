-- aias.check_input_schema: everything that is refused of the JSON Schema of a workflow's input.
--
-- Returns   no row for a schema that may be stored.
-- requires: aias_private.json_schema_refusals
create or replace function aias.check_input_schema(p_schema jsonb)
returns table (
    path text,
    message text
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select r.path, r.message
    from aias_private.json_schema_refusals(p_schema) as r
$$;
revoke execute on function aias.check_input_schema(jsonb) from public;
grant execute on function aias.check_input_schema(jsonb) to aias_app, aias_admin, aias_worker;
comment on function aias.check_input_schema(jsonb) is
'What is refused of the JSON Schema of a workflow''s input, each with its path; nothing for a good one.';
