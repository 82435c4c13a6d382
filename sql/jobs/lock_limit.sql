-- aias_private.lock_limit: be the only one who lets jobs run under a key, until the transaction ends.
--
-- Caller    admit_jobs, with the keys of a batch in order, so that two claims that wait for each other don't.
-- Promise   true: whatever others let run under the key is committed and seen by the next statement. False: another claim is
--           still at it after a tenth of a second (its server process is stopped, or its caller holds the
--           transaction open); its jobs are left for a later claim.
create or replace function aias_private.lock_limit(
    p_key text,
    p_is_waiting boolean
)
returns boolean
language plpgsql
volatile
set search_path = public, pg_temp
as $$
declare
    v_number constant bigint := hashtextextended('aias_private.limits ' || p_key, 0);
    v_former constant text := current_setting('lock_timeout');
begin
    if pg_try_advisory_xact_lock(v_number) then
        return true;
    elsif not p_is_waiting then
        return false;
    end if;
    perform set_config('lock_timeout', '100ms', true);
    begin
        perform pg_advisory_xact_lock(v_number);
    exception
        when lock_not_available then
            perform set_config('lock_timeout', v_former, true);
            return false;
    end;
    perform set_config('lock_timeout', v_former, true);
    return true;
end;
$$;
revoke execute on function aias_private.lock_limit(text, boolean) from public;
comment on function aias_private.lock_limit(text, boolean) is
'Serializes those who let jobs run under a key; false when another is at it.';
