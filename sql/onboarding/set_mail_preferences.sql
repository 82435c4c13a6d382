-- aias.set_mail_preferences: what a person wants of mails, and where and in which language.
--
-- Promise   null leaves a value as it is. p_is_subscribed false stops all mails (as aias.unsubscribe), true allows those to come.
--           p_is_counted true is the person's consent that opens and clicks are counted, false takes it back and forgets what was counted. Audited.
-- Errors    JR404 no such person; JR422 no such time zone, or no code of a language.
-- requires: aias_private.assert_locale
-- requires: aias_private.move_mails
-- requires: aias_private.record_audit
-- requires: aias_private.stop_mails
-- requires: aias_private.visible_person
create or replace function aias.set_mail_preferences(
    p_user uuid,
    p_time_zone text,
    p_language text,
    p_is_subscribed boolean,
    p_is_counted boolean
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user constant aias_private.users := aias_private.visible_person(p_user);
begin
    perform aias_private.assert_locale(p_time_zone, p_language);
    update aias_private.users as u
    set time_zone = coalesce(p_time_zone, u.time_zone), language = coalesce(p_language, u.language)
    where u.tenant_id = v_user.tenant_id and u.id = p_user;
    if p_time_zone is not null then
        perform aias_private.move_mails(v_user.tenant_id, p_user, null, null);
    end if;
    insert into aias_private.mail_preferences (tenant_id, user_id)
    values (v_user.tenant_id, p_user)
    on conflict (tenant_id, user_id) do nothing;
    if not p_is_subscribed then
        perform aias_private.stop_mails(v_user.tenant_id, p_user);
    end if;
    update aias_private.mail_preferences as f
    set
        unsubscribed_at = case when p_is_subscribed then null else f.unsubscribed_at end,
        consented_at = case
            when p_is_counted then coalesce(f.consented_at, aias_private.now())
            when not p_is_counted then null
            else f.consented_at
        end
    where f.tenant_id = v_user.tenant_id and f.user_id = p_user;
    if not p_is_counted then
        update aias_private.onboarding_mails as m
        set open_count = 0, opened_at = null, click_count = 0, clicked_at = null
        where m.tenant_id = v_user.tenant_id and m.user_id = p_user and m.open_count + m.click_count > 0;
    end if;
    perform aias_private.record_audit(
        v_user.tenant_id,
        'user.mail_preferences_set',
        'user',
        p_user::text,
        jsonb_strip_nulls(
            jsonb_build_object(
                'time_zone', p_time_zone,
                'language', p_language,
                'is_subscribed', p_is_subscribed,
                'is_counted', p_is_counted
            )
        )
    );
end;
$$;
revoke execute on function aias.set_mail_preferences(uuid, text, text, boolean, boolean) from public;
grant execute on function aias.set_mail_preferences(uuid, text, text, boolean, boolean) to aias_app, aias_admin;
comment on function aias.set_mail_preferences(uuid, text, text, boolean, boolean) is
'Says whether a person wants mails, lets opens and clicks be counted, and in which time zone and language; null leaves a value as it is.';
