-- aias_private.fill_parameters: put the values of parameters in the places of a document that name them.
--
-- Promise   a text that is `{{ parameters.name }}` and nothing else becomes the parameter's value, of whatever type; all other
--           texts stay as they are, templates of the steps with them: those are rendered when the workflow runs.
-- Why       no text is ever pasted into another: a value can't become part of a template. The library's tests refuse
--           `parameters` in any other place.
create or replace function aias_private.fill_parameters(
    p_document jsonb,
    p_parameters jsonb
)
returns jsonb
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    v_name text;
begin
    case jsonb_typeof(p_document)
        when 'object' then
            return (
                select coalesce(jsonb_object_agg(m.key, aias_private.fill_parameters(m.value, p_parameters)), '{}')
                from jsonb_each(p_document) as m
            );
        when 'array' then
            return (
                select coalesce(
                    jsonb_agg(aias_private.fill_parameters(i.item, p_parameters) order by i.place), '[]'
                )
                from jsonb_array_elements(p_document) with ordinality as i (item, place)
            );
        when 'string' then
            v_name := substring(p_document #>> '{}' from '^\{\{ *parameters\.([a-z][a-z0-9_]*) *\}\}$');
            if v_name is not null then
                return coalesce(p_parameters -> v_name, 'null');
            end if;
            return p_document;
        else
            return p_document;
    end case;
end;
$$;
revoke execute on function aias_private.fill_parameters(jsonb, jsonb) from public;
comment on function aias_private.fill_parameters(jsonb, jsonb) is
'A document with the values of parameters where it says {{ parameters.name }}.';
