-- aias_private.store_templates: bring the gallery to what the files of this release say.
--
-- Caller    `aias db migrate`, and every worker and server when it starts (aias.templates.load_templates), which check the
--           documents against their model before.
-- Promise   a version that is known with the same content changes nothing. One of a newer release stays: an older
--           worker that starts beside a newer one takes nothing away.
-- Locks     the templates that are new.
-- Errors    JR409 a version is known with another content: a change of a template is a new version of it.
create or replace function aias_private.store_templates(
    p_documents jsonb
)
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_changed text;
    v_count integer;
begin
    insert into aias_private.templates (name, version, document)
    select
        d.document ->> 'name',
        (d.document ->> 'version')::integer,
        d.document
    from jsonb_array_elements(p_documents) as d (document)
    order by 1, 2
    on conflict (name, version) do nothing;
    get diagnostics v_count = row_count;
    select format('%s, version %s', t.name, t.version) into v_changed
    from jsonb_array_elements(p_documents) as d (document)
    inner join aias_private.templates as t
        on t.name = d.document ->> 'name' and t.version = (d.document ->> 'version')::integer
    where t.document <> d.document
    order by t.name
    limit 1;
    if found then
        raise exception 'the template % was changed without a new version', v_changed
            using errcode = 'JR409', column = 'p_documents';
    end if;
    return v_count;
end;
$$;
revoke execute on function aias_private.store_templates(jsonb) from public;
grant execute on function aias_private.store_templates(jsonb) to aias_worker, aias_admin;
comment on function aias_private.store_templates(jsonb) is
'Adds the versions of templates that are not known yet, and gives their number.';
