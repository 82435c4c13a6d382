-- aias_private.hear_sign_up: give a tenant its samples, and the person its mails, when an event says that somebody signed up.
--
-- Caller    each event user.signed_up, whoever emits it: aias.sign_up or an application. A replayed event is no new row. Its payload
--           names the person as user_id.
-- requires: aias_private.enrol_user
-- requires: aias_private.request_samples
create or replace function aias_private.hear_sign_up()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform aias_private.request_samples(new.tenant_id);
    -- again for whoever was made by aias.create_user, which changes nothing
    perform aias_private.enrol_user(u.id)
    from aias_private.users as u
    where u.tenant_id = new.tenant_id and u.id::text = new.payload ->> 'user_id';
    return null;
end;
$$;
revoke execute on function aias_private.hear_sign_up() from public;
comment on function aias_private.hear_sign_up() is
'Has the samples of a tenant installed, and the person written to, when somebody has signed up.';

create or replace trigger aias_hear_sign_up
after insert on aias_private.events
for each row
when (new.type = 'user.signed_up')
execute function aias_private.hear_sign_up();
