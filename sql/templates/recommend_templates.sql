-- aias.recommend_templates: which templates suit a tenant, the best first, and why.
--
-- Promise   nothing about another tenant is told but rounded shares of at least five of them (aias_private.template_shares).
--           The reasons are data: an interface words them. The score is their sum, and ties go by name.
-- Errors    JR404 no such tenant; JR422 p_limit is not between 1 and 100.
-- requires: aias.templates
-- requires: aias_private.template_reasons
-- requires: aias_private.tenant_by_slug
create or replace function aias.recommend_templates(
    p_tenant text,
    p_limit integer default 10
)
returns table (
    template text,
    version integer,
    title text,
    score numeric,
    is_ready boolean,
    is_used boolean,
    missing text[],
    reasons jsonb
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_tenant constant uuid := aias_private.tenant_by_slug(p_tenant);
begin
    if p_limit is null or p_limit not between 1 and 100 then
        raise exception 'p_limit is between 1 and 100' using errcode = 'JR422', column = 'p_limit';
    end if;
    return query
    select
        t.name,
        t.version,
        t.title,
        sum(r.points),
        not coalesce(bool_or(r.reason = 'integration_missing'), false),
        coalesce(bool_or(r.reason = 'already_used'), false),
        coalesce(array_agg(r.what order by r.what) filter (where r.reason = 'integration_missing'), '{}'),
        jsonb_agg(
            jsonb_strip_nulls(
                jsonb_build_object('reason', r.reason, 'what', r.what, 'share', r.share, 'points', r.points)
            )
            order by r.points desc, r.reason, r.what
        )
    from aias.templates as t
    inner join aias_private.template_reasons(v_tenant) as r on t.name = r.template
    group by t.name, t.version, t.title
    order by sum(r.points) desc, t.name asc
    limit p_limit;
end;
$$;
revoke execute on function aias.recommend_templates(text, integer) from public;
grant execute on function aias.recommend_templates(text, integer) to aias_app, aias_admin;
comment on function aias.recommend_templates(text, integer) is
'The templates that suit a tenant, the best first, each with its reasons and their points.';
