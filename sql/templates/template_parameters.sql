-- aias_private.template_parameters: the values that a template is used with, checked and whole.
--
-- Returns   the given values, and the defaults of those that are not given.
-- Errors    JR422 a value does not fit the template's schema, or holds a template itself: values are data, and one that
--           is rendered when the workflow runs would be a program.
-- requires: aias_private.assert_json_input
create or replace function aias_private.template_parameters(
    p_schema jsonb,
    p_parameters jsonb
)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_whole jsonb;
begin
    if p_parameters is null or jsonb_typeof(p_parameters) <> 'object' then
        raise exception '$: parameters are a JSON object' using errcode = 'JR422', column = 'p_parameters';
    end if;
    v_whole := (
        select coalesce(jsonb_object_agg(p.key, p.value -> 'default'), '{}')
        from jsonb_each(coalesce(p_schema -> 'properties', '{}')) as p
        where p.value ? 'default'
    ) || p_parameters;
    perform aias_private.assert_json_input('p_parameters', v_whole, p_schema, 100000);
    if p_parameters::text ~ '[{]([{]|[%]|[#])' then
        raise exception '$: a parameter is a value, and no template: two braces in a row have no place in it'
            using errcode = 'JR422', column = 'p_parameters';
    end if;
    return v_whole;
end;
$$;
revoke execute on function aias_private.template_parameters(jsonb, jsonb) from public;
comment on function aias_private.template_parameters(jsonb, jsonb) is
'The parameters of a template with defaults filled in, after a check against its schema.';
