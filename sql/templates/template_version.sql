-- aias_private.template_version: the template that a caller names.
--
-- Returns   the newest version, or the one that is asked for.
-- Errors    JR404 no such template, or no such version of it.
create or replace function aias_private.template_version(
    p_template text,
    p_version integer
)
returns aias_private.templates
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_template aias_private.templates;
begin
    select t.* into v_template
    from aias_private.templates as t
    where t.name = p_template and t.version = coalesce(p_version, t.version)
    order by t.version desc
    limit 1;
    if not found then
        raise exception 'there is no template %', coalesce(quote_literal(p_template), 'null')
            || coalesce(format(' of version %s', p_version), '')
            using errcode = 'JR404', column = 'p_template';
    end if;
    return v_template;
end;
$$;
revoke execute on function aias_private.template_version(text, integer) from public;
comment on function aias_private.template_version(text, integer) is
'A template by its name: the newest version, or the given one.';
