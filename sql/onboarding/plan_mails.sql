-- aias_private.plan_mails: give people the mails of their sequences that they have no row for yet.
--
-- Caller    aias_private.enrol_user and enrol_trials, with whom they enrolled; aias.set_onboarding_step, with everybody (null).
-- Promise   in the caller's transaction, one statement for all; a mail that is there stays as it is. Of a step that is new to people who
--           are under way only what lies ahead is planned.
-- requires: aias_private.local_morning
create or replace function aias_private.plan_mails(
    p_users uuid[],
    p_sequence text
)
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
    insert into aias_private.onboarding_mails (tenant_id, user_id, sequence, step, due_at)
    select
        o.tenant_id,
        o.user_id,
        s.sequence,
        s.name,
        d.due_at
    from aias_private.onboarding_people as o
    inner join aias_private.users as u on u.tenant_id = o.tenant_id and u.id = o.user_id
    inner join aias_private.tenants as t on t.id = o.tenant_id
    inner join aias_private.onboarding_steps as s on s.sequence = o.sequence
    cross join lateral (
        values (aias_private.local_morning(o.started_at, s.delay_days, s.send_at, coalesce(u.time_zone, t.time_zone)))
    ) as d (due_at)
    where
        o.sequence = p_sequence
        and (p_users is null or o.user_id = any(p_users))
        and (o.started_at = v_now or d.due_at > v_now)
    on conflict on constraint onboarding_mails_pkey do nothing;
    get diagnostics v_count = row_count;
    return v_count;
end;
$$;
revoke execute on function aias_private.plan_mails(uuid[], text) from public;
comment on function aias_private.plan_mails(uuid[], text) is
'Gives people the mails of a sequence that they have no row for yet; returns how many.';
