-- aias_private.hear_sign_up: give a tenant its samples when an event says that somebody signed up.
--
-- Caller    each event user.signed_up, whoever emits it: aias.sign_up or an application. A replayed event is no new row.
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
    return null;
end;
$$;
revoke execute on function aias_private.hear_sign_up() from public;
comment on function aias_private.hear_sign_up() is 'Has the samples of a tenant installed when somebody has signed up.';

create or replace trigger aias_hear_sign_up
after insert on aias_private.events
for each row
when (new.type = 'user.signed_up')
execute function aias_private.hear_sign_up();
