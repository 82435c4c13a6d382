-- aias.next_action: what a person best does next, in words.
--
-- Promise   one row, the first by rank; a viewer's may be to look around. p_language null: the person's, else the tenant's, else en.
-- Errors    JR404 there is no such person.
-- requires: aias.next_actions
-- requires: aias_private.help_texts
-- requires: aias_private.person_asked
-- requires: aias_private.spoken_language
create or replace function aias.next_action(
    p_user uuid,
    p_language text default null
)
returns table (
    action text,
    title text,
    why text,
    detail text,
    path text,
    score integer,
    is_urgent boolean
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
        n.action,
        h.title,
        replace(h.body, '{detail}', n.detail),
        n.detail,
        n.path,
        n.score,
        n.is_urgent
    from aias.next_actions as n
    inner join aias_private.help_texts as h on h.page = 'next-action' and h.state = n.action and h.language = v_language
    where n.tenant_id = v_tenant and n.user_id = p_user
    order by n.rank
    limit 1;
end;
$$;
revoke execute on function aias.next_action(uuid, text) from public;
grant execute on function aias.next_action(uuid, text) to aias_app, aias_admin;
comment on function aias.next_action(uuid, text) is
'What a person best does next, with a title and why, in the person''s language.';
