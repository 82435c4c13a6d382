-- aias_private.enrol_user: have a new person written to.
--
-- Caller    aias.create_user, and whoever hears of a sign-up, in that transaction.
-- Promise   the person is in every sequence that starts with the sign-up and is for the person's role, once, and all mails are
--           planned. Called again, or for nobody, it does nothing.
-- Returns   in how many sequences the person is now and was not before.
-- requires: aias_private.plan_mails
create or replace function aias_private.enrol_user(p_user uuid)
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_sequence text;
    v_count integer := 0;
begin
    for v_sequence in
        insert into aias_private.onboarding_people as o (tenant_id, user_id, sequence, started_at)
        select u.tenant_id, u.id, s.name, aias_private.now()
        from aias_private.users as u
        inner join aias_private.onboarding_sequences as s on u.role = any(s.roles)
        where u.id = p_user and s.starts_at = 'sign_up' and s.is_enabled
        on conflict on constraint onboarding_people_pkey do nothing
        returning o.sequence
    loop
        perform aias_private.plan_mails(array[p_user], v_sequence);
        v_count := v_count + 1;
    end loop;
    return v_count;
end;
$$;
revoke execute on function aias_private.enrol_user(uuid) from public;
comment on function aias_private.enrol_user(uuid) is
'Puts a new person into the sequences that start with the sign-up, once; returns into how many.';
