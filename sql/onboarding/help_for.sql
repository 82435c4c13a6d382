-- aias.help_for: what a page tells a person in a state.
--
-- Promise   the text of the state, else that of the page in any state; none where the person has dismissed it or there is none.
--           p_language as in next_action.
-- Errors    JR404 there is no such person.
-- requires: aias_private.help_texts
-- requires: aias_private.person_asked
-- requires: aias_private.spoken_language
create or replace function aias.help_for(
    p_user uuid,
    p_page text,
    p_state text default '',
    p_language text default null
)
returns table (
    name text,
    title text,
    body text,
    language text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_tenant constant uuid := aias_private.person_asked(p_user);
    v_language constant text := aias_private.spoken_language(p_user, p_language);
begin
    return query
    select
        h.page || coalesce('/' || nullif(h.state, ''), ''),
        h.title,
        h.body,
        h.language
    from aias_private.help_texts as h
    where
        h.page = p_page
        and h.page <> 'next-action'
        and h.state in ('', p_state)
        and h.language = v_language
        and not exists (
            select from aias_private.guidance_dismissals as d
            where
                d.tenant_id = v_tenant
                and d.user_id = p_user
                and d.kind = 'help'
                and d.name = h.page || coalesce('/' || nullif(h.state, ''), '')
        )
    order by h.state desc
    limit 1;
end;
$$;
revoke execute on function aias.help_for(uuid, text, text, text) from public;
grant execute on function aias.help_for(uuid, text, text, text) to aias_app, aias_admin;
comment on function aias.help_for(uuid, text, text, text) is
'The help text of a page in a state for a person, in the person''s language; none where it was dismissed.';
