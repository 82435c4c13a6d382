-- aias.templates: the gallery.
create or replace view aias.templates
as
select distinct on (t.name)
    t.name,
    t.version,
    t.document ->> 'title' as title,
    t.document ->> 'description' as description,
    array(select jsonb_array_elements_text(t.document -> 'industries')) as industries,
    array(select jsonb_array_elements_text(t.document -> 'integrations')) as integrations,
    t.document -> 'parameters' as parameters,
    t.document -> 'example' as example,
    t.document -> 'triggers' as triggers,
    t.document -> 'workflow' as workflow,
    t.loaded_at
from aias_private.templates as t
order by t.name asc, t.version desc;
grant select on aias.templates to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.templates is 'The templates of workflows, each in its newest version; the same for every tenant. Fresh.';
comment on column aias.templates.name is 'The template''s name; the workflow that is made of it bears it unless told otherwise.';
comment on column aias.templates.version is 'The newest version''s number.';
comment on column aias.templates.title is 'What it does, in a few words.';
comment on column aias.templates.description is 'What it does and what it needs, for a person who chooses.';
comment on column aias.templates.industries is 'Whom it is meant for; empty: everybody.';
comment on column aias.templates.integrations is 'The kinds of connections that its steps need.';
comment on column aias.templates.parameters is 'The JSON Schema of its parameters, with defaults.';
comment on column aias.templates.example is 'Parameters that it can be used with as they are.';
comment on column aias.templates.triggers is 'What starts the workflow: schedules, events, webhooks.';
comment on column aias.templates.workflow is 'The definition, with {{ parameters.name }} in the places of values.';
comment on column aias.templates.loaded_at is 'When this version came into the database.';
