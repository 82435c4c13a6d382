-- aias.dismiss_guidance: don't show a person a help text or a proposal again; or do.
--
-- Promise   again changes nothing. What is urgent is shown all the same (aias.next_actions.is_urgent).
-- Returns   whether that changed something.
-- Errors    JR404 there is no such person; JR422 the kind or the name is not one.
-- requires: aias_private.help_texts
-- requires: aias_private.person_asked
create or replace function aias.dismiss_guidance(
    p_user uuid,
    p_kind text,
    p_name text,
    p_is_dismissed boolean default true
)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.person_asked(p_user);
begin
    if p_kind is null or p_kind not in ('help', 'action') then
        raise exception 'what is dismissed is help or an action, not %', coalesce(quote_literal(p_kind), 'null')
            using errcode = 'JR422', column = 'p_kind';
    end if;
    if not exists (
        select from aias_private.help_texts as h
        where
            case p_kind
                when 'action' then h.page = 'next-action' and h.state = p_name
                else h.page <> 'next-action' and h.page || coalesce('/' || nullif(h.state, ''), '') = p_name
            end
    ) then
        raise exception 'there is no % %', p_kind, coalesce(quote_literal(left(p_name, 130)), 'null')
            using errcode = 'JR422', column = 'p_name';
    end if;
    if p_is_dismissed then
        insert into aias_private.guidance_dismissals (tenant_id, user_id, kind, name)
        values (v_tenant, p_user, p_kind, p_name)
        on conflict (tenant_id, user_id, kind, name) do nothing;
    else
        delete from aias_private.guidance_dismissals as d
        where d.tenant_id = v_tenant and d.user_id = p_user and d.kind = p_kind and d.name = p_name;
    end if;
    return found;
end;
$$;
revoke execute on function aias.dismiss_guidance(uuid, text, text, boolean) from public;
grant execute on function aias.dismiss_guidance(uuid, text, text, boolean) to aias_app, aias_admin;
comment on function aias.dismiss_guidance(uuid, text, text, boolean) is
'Hides a help text or a proposal from a person, or shows it again; returns whether that changed something.';
