-- aias_private.enrol_trials: have the people of tenants whose trial has begun written to.
--
-- Caller    the schedule onboarding, every minute.
-- Promise   as enrol_user, for the sequences that start with a trial; the days count from its start. One statement, however many.
--           A trial that began more than 14 days ago enrols nobody any more.
-- Plan      tenants_trial_started_idx: reads the trials of two weeks; guarded by tests/onboarding/test_mails.py.
-- requires: aias_private.local_morning
create or replace function aias_private.enrol_trials()
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := aias_private.now();
    v_count integer;
begin
    with enrolled as (
        insert into aias_private.onboarding_people as o (tenant_id, user_id, sequence, started_at)
        select u.tenant_id, u.id, s.name, t.trial_started_at
        from aias_private.tenants as t
        inner join aias_private.users as u on u.tenant_id = t.id
        inner join aias_private.onboarding_sequences as s on u.role = any(s.roles)
        where
            t.trial_started_at > v_now - interval '14 days'
            and t.trial_started_at <= v_now
            and s.starts_at = 'trial'
            and s.is_enabled
            and not exists (
                select from aias_private.onboarding_people as p
                where p.tenant_id = u.tenant_id and p.user_id = u.id and p.sequence = s.name
            )
        on conflict on constraint onboarding_people_pkey do nothing
        returning o.tenant_id, o.user_id, o.sequence, o.started_at
    ),

    -- not by plan_mails: a statement does not see what another part of it inserts
    planned as (
        insert into aias_private.onboarding_mails (tenant_id, user_id, sequence, step, due_at)
        select
            e.tenant_id,
            e.user_id,
            s.sequence,
            s.name,
            aias_private.local_morning(e.started_at, s.delay_days, s.send_at, coalesce(u.time_zone, t.time_zone))
        from enrolled as e
        inner join aias_private.users as u on u.tenant_id = e.tenant_id and u.id = e.user_id
        inner join aias_private.tenants as t on t.id = e.tenant_id
        inner join aias_private.onboarding_steps as s on s.sequence = e.sequence
    )

    select count(*) into v_count from enrolled;
    return v_count;
end;
$$;
revoke execute on function aias_private.enrol_trials() from public;
grant execute on function aias_private.enrol_trials() to aias_worker;
comment on function aias_private.enrol_trials() is
'Puts the people of tenants whose trial has begun into the sequences of the trial; returns how many.';
