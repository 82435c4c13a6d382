-- aias.unsubscribe: stop the mails to whoever a link in a mail is about, without a sign-in (RFC 8058).
--
-- Promise   as aias_private.stop_mails. Audited, once. Asked again it is the same answer.
-- Returns   the person's language, for the page that says so.
-- Errors    JR404 the system made no such link, or the person is gone.
-- requires: aias_private.link_person
-- requires: aias_private.record_audit
-- requires: aias_private.stop_mails
create or replace function aias.unsubscribe(p_token text)
returns text
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_person record;
begin
    select p.tenant_id, p.user_id, p.language, p.is_subscribed into v_person
    from aias_private.link_person(p_token) as p;
    if not found then
        raise exception 'this link is not one of ours' using errcode = 'JR404', column = 'p_token';
    end if;
    if v_person.is_subscribed then
        perform aias_private.stop_mails(v_person.tenant_id, v_person.user_id);
        perform aias_private.record_audit(
            v_person.tenant_id, 'user.unsubscribed', 'user', v_person.user_id::text, jsonb_build_object('by', 'link')
        );
    end if;
    return v_person.language;
end;
$$;
revoke execute on function aias.unsubscribe(text) from public;
grant execute on function aias.unsubscribe(text) to aias_app, aias_admin;
comment on function aias.unsubscribe(text) is
'Stops the onboarding mails to the person whom a link in a mail is about; returns the person''s language.';
