-- aias_private.move_mails: the planned mails of people who live elsewhere now, or of a step that has moved.
--
-- Promise   each of them is due when it would have been planned for now; null is everybody's, and every step's.
-- requires: aias_private.local_morning
create or replace function aias_private.move_mails(
    p_tenant uuid,
    p_user uuid,
    p_sequence text,
    p_step text
)
returns void
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    update aias_private.onboarding_mails as m
    set
        due_at = aias_private.local_morning(
            o.started_at, s.delay_days, s.send_at, coalesce(u.time_zone, t.time_zone)
        )
    from aias_private.onboarding_people as o
    inner join aias_private.users as u on u.tenant_id = o.tenant_id and u.id = o.user_id
    inner join aias_private.tenants as t on t.id = o.tenant_id
    inner join aias_private.onboarding_steps as s on s.sequence = o.sequence
    where
        m.tenant_id = o.tenant_id
        and m.user_id = o.user_id
        and m.sequence = o.sequence
        and m.step = s.name
        and m.state = 'planned'
        and (p_tenant is null or o.tenant_id = p_tenant)
        and (p_user is null or o.user_id = p_user)
        and (p_sequence is null or s.sequence = p_sequence)
        and (p_step is null or s.name = p_step)
$$;
revoke execute on function aias_private.move_mails(uuid, uuid, text, text) from public;
comment on function aias_private.move_mails(uuid, uuid, text, text) is
'Moves planned mails to where they are due now that a time zone or a step has changed.';
