-- aias_private.note_mail_seen: count that a mail was opened, or a link in it followed.
--
-- Caller    the HTTP server, for whoever loads the picture or follows the link; nobody has signed in. A mail's id has 74 random bits.
-- Promise   counted only while the person's consent stands; without it nothing is kept, and nothing tells the two apart.
create or replace function aias_private.note_mail_seen(
    p_mail uuid,
    p_is_click boolean
)
returns void
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    update aias_private.onboarding_mails as m
    set
        open_count = m.open_count + (not p_is_click)::integer,
        opened_at = case when p_is_click then m.opened_at else coalesce(m.opened_at, aias_private.now()) end,
        click_count = m.click_count + p_is_click::integer,
        clicked_at = case when p_is_click then coalesce(m.clicked_at, aias_private.now()) else m.clicked_at end
    from aias_private.mail_preferences as f
    where
        m.id = p_mail
        and m.queued_at is not null
        and f.tenant_id = m.tenant_id
        and f.user_id = m.user_id
        and f.consented_at is not null
$$;
revoke execute on function aias_private.note_mail_seen(uuid, boolean) from public;
grant execute on function aias_private.note_mail_seen(uuid, boolean) to aias_admin;
comment on function aias_private.note_mail_seen(uuid, boolean) is
'Counts that a mail was opened or a link in it followed, where the person consented to that.';
