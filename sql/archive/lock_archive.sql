-- aias_private.lock_archive: let one session at a time archive a partition.
--
-- Promise   the session holds it until aias_private.unlock_archive, or until its connection ends: a process that dies
--           holds up nobody.
-- Errors    JR409 another session holds it. Never waits.
create or replace function aias_private.lock_archive(p_partition text)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    if not pg_try_advisory_lock(hashtextextended('aias archive ' || p_partition, 0)) then
        raise exception 'partition % is being archived by another session', p_partition using errcode = 'JR409';
    end if;
end;
$$;
revoke execute on function aias_private.lock_archive(text) from public;
comment on function aias_private.lock_archive(text) is 'Takes a partition''s archiving for this session, or is refused.';
