-- aias.send_onboarding_mail: send a person a mail of a sequence now, before its time.
--
-- Promise   it is in the outbox, as if its morning had come. What was sent is not sent again, and who unsubscribed gets none. With
--           p_is_forced also where it was skipped, or its goal is met or the trial has ended. Audited.
-- Returns   the mail's id, by which aias.onboarding_progress shows how it went.
-- Errors    JR404 no such person, or the person has no such mail; JR409 it was sent, the person unsubscribed, nobody needs it,
--           or no channel takes mails to people.
-- requires: aias_private.goal_is_met
-- requires: aias_private.mail_channel
-- requires: aias_private.queue_mails
-- requires: aias_private.record_audit
-- requires: aias_private.visible_person
create or replace function aias.send_onboarding_mail(
    p_user uuid,
    p_sequence text,
    p_step text,
    p_is_forced boolean
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user constant aias_private.users := aias_private.visible_person(p_user);
    v_channel constant uuid := aias_private.mail_channel();
    v_mail aias_private.onboarding_mails;
    v_refusal text;
begin
    select m.* into v_mail
    from aias_private.onboarding_mails as m
    where m.tenant_id = v_user.tenant_id and m.user_id = p_user and m.sequence = p_sequence and m.step = p_step
    for update;
    if not found then
        raise exception 'the person % has no mail % of the sequence %',
            p_user, coalesce(quote_literal(p_step), 'null'), coalesce(quote_literal(p_sequence), 'null')
            using errcode = 'JR404', column = 'p_step';
    end if;
    v_refusal := case
        when v_mail.state not in ('planned', 'skipped') then format('it is %s already', v_mail.state)
        when exists (
            select from aias_private.mail_preferences as f
            where f.tenant_id = v_user.tenant_id and f.user_id = p_user and f.unsubscribed_at is not null
        ) then 'the person unsubscribed'
        when v_channel is null then 'no channel of the operators takes it: aias channel add --takes onboarding'
        when p_is_forced then null
        when v_mail.state = 'skipped' then format('it was skipped (%s)', v_mail.skip_reason)
        when exists (
            select from aias_private.tenants as t
            where t.id = v_user.tenant_id and t.converted_at is null and t.trial_ends_at <= aias_private.now()
        ) then 'the trial has ended'
        when exists (
            select from aias_private.onboarding_steps as s
            where
                s.sequence = p_sequence
                and s.name = p_step
                and aias_private.goal_is_met(v_user.tenant_id, s.goal)
        ) then 'its goal is met'
    end;
    if v_refusal is not null then
        raise exception 'the mail % is not sent: %', quote_literal(p_step), v_refusal
            using errcode = 'JR409', column = 'p_step';
    end if;
    if v_mail.state = 'skipped' then
        update aias_private.onboarding_mails as m
        set state = 'planned', skip_reason = null, finished_at = null
        where m.tenant_id = v_user.tenant_id and m.id = v_mail.id;
    end if;
    perform aias_private.queue_mails(array[v_mail.id], v_channel);
    perform aias_private.record_audit(
        v_user.tenant_id,
        'onboarding.mail_sent',
        'user',
        p_user::text,
        jsonb_build_object('sequence', p_sequence, 'step', p_step, 'is_forced', coalesce(p_is_forced, false))
    );
    return v_mail.id;
end;
$$;
revoke execute on function aias.send_onboarding_mail(uuid, text, text, boolean) from public;
grant execute on function aias.send_onboarding_mail(uuid, text, text, boolean) to aias_app, aias_admin;
comment on function aias.send_onboarding_mail(uuid, text, text, boolean) is
'Sends a person a mail of a sequence now; returns the mail''s id.';
