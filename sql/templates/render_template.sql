-- aias.render_template: what a template makes of parameters, without making it.
--
-- Promise   nothing is stored. The names of triggers are those that a use under the same workflow's name sets up.
-- Errors    JR404 no such template; JR422 the parameters or the name do not fit.
-- requires: aias_private.fill_parameters
-- requires: aias_private.template_parameters
-- requires: aias_private.template_version
create or replace function aias.render_template(
    p_template text,
    p_parameters jsonb default '{}',
    p_workflow text default null,
    p_version integer default null
)
returns table (
    template text,
    version integer,
    parameters jsonb,
    definition jsonb,
    triggers jsonb
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_template constant aias_private.templates := aias_private.template_version(p_template, p_version);
    v_name constant text := coalesce(p_workflow, p_template);
begin
    if v_name !~ '^[a-z][a-z0-9-]{0,39}$' then
        raise exception 'a workflow of a template has a name of 1 to 40 small letters, digits and dashes that starts with a letter'
            using errcode = 'JR422', column = 'p_workflow';
    end if;
    template := v_template.name;
    version := v_template.version;
    parameters := aias_private.template_parameters(v_template.document -> 'parameters', p_parameters);
    definition := aias_private.fill_parameters(v_template.document -> 'workflow', parameters)
        || jsonb_build_object('name', v_name);
    if not definition ? 'description' then
        definition := definition || jsonb_build_object('description', v_template.document ->> 'title');
    end if;
    triggers := (
        select coalesce(
            jsonb_agg(
                aias_private.fill_parameters(t.document, parameters)
                || jsonb_build_object('name', v_name || '-' || (t.document ->> 'name'))
                order by t.place
            ),
            '[]'
        )
        from jsonb_array_elements(coalesce(v_template.document -> 'triggers', '[]')) with ordinality
            as t (document, place)
    );
    return next;
end;
$$;
revoke execute on function aias.render_template(text, jsonb, text, integer) from public;
grant execute on function aias.render_template(text, jsonb, text, integer) to aias_app, aias_worker, aias_admin;
comment on function aias.render_template(text, jsonb, text, integer) is
'The definition and the triggers that a template makes of parameters; nothing is stored.';
