-- aias_private.send_due_mails: put the mails whose morning has come into the outbox, and skip those that nobody needs.
--
-- Caller    the schedule onboarding, every minute, until it returns 0.
-- Promise   in one transaction, each mail once, from any number of callers. A mail goes within three hours of its time; one that is later (the
--           system was down) waits for the next morning there, and after seven days is skipped. Skipped is also a step that is
--           switched off or whose goal is met, and everything for a person who unsubscribed or whose tenant's trial ended without a plan.
--           Nothing happens while no channel takes mails to people.
-- Returns   how many mails were decided on.
-- Locks     mails in the order in which they are due, skip locked.
-- Plan      onboarding_mails_due_idx.
-- Errors    JR422 p_limit is out of range.
-- requires: aias_private.goal_is_met
-- requires: aias_private.mail_channel
-- requires: aias_private.queue_mails
create or replace function aias_private.send_due_mails(p_limit integer)
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_morning constant interval := '3 hours';
    c_latest constant interval := '7 days';
    v_now constant timestamptz := aias_private.now();
    v_channel constant uuid := aias_private.mail_channel();
    v_due uuid[];
    v_skipped uuid[];
begin
    if p_limit is null or p_limit not between 1 and 10000 then
        raise exception 'a limit lies between 1 and 10000, not at %', p_limit using errcode = 'JR422', column = 'p_limit';
    end if;
    if v_channel is null then
        return 0;
    end if;
    with due as materialized (
        select m.id, m.tenant_id, m.user_id, m.sequence, m.step, m.due_at
        from aias_private.onboarding_mails as m
        inner join aias_private.users as u on u.tenant_id = m.tenant_id and u.id = m.user_id
        inner join aias_private.tenants as t on t.id = m.tenant_id
        inner join aias_private.onboarding_steps as s on s.sequence = m.sequence and s.name = m.step
        where
            m.state = 'planned'
            and m.due_at <= v_now
            and (
                m.due_at > v_now - c_morning
                or m.due_at <= v_now - c_latest
                or (v_now at time zone coalesce(u.time_zone, t.time_zone, 'UTC'))::time
                between s.send_at and s.send_at + c_morning
            )
        order by m.due_at
        limit p_limit
        for update of m skip locked
    ),

    judged as (
        select
            d.id,
            d.tenant_id,
            case
                when f.unsubscribed_at is not null then 'unsubscribed'
                when not (q.is_enabled and s.is_enabled) then 'switched_off'
                when t.converted_at is null and t.trial_ends_at <= v_now then 'trial_ended'
                when d.due_at <= v_now - c_latest then 'too_late'
                when aias_private.goal_is_met(d.tenant_id, s.goal) then 'goal_met'
            end as reason
        from due as d
        inner join aias_private.tenants as t on t.id = d.tenant_id
        inner join aias_private.onboarding_sequences as q on q.name = d.sequence
        inner join aias_private.onboarding_steps as s on s.sequence = d.sequence and s.name = d.step
        left join aias_private.mail_preferences as f on f.tenant_id = d.tenant_id and f.user_id = d.user_id
    ),

    skipped as (
        update aias_private.onboarding_mails as m
        set state = 'skipped', skip_reason = j.reason, finished_at = v_now
        from judged as j
        where m.tenant_id = j.tenant_id and m.id = j.id and j.reason is not null
        returning m.id
    )

    select
        array(select j.id from judged as j where j.reason is null),
        array(select k.id from skipped as k)
    into v_due, v_skipped;
    return cardinality(v_skipped) + aias_private.queue_mails(v_due, v_channel);
end;
$$;
revoke execute on function aias_private.send_due_mails(integer) from public;
grant execute on function aias_private.send_due_mails(integer) to aias_worker;
comment on function aias_private.send_due_mails(integer) is
'Puts the mails whose morning has come into the outbox and skips those that nobody needs; returns how many it decided on.';
