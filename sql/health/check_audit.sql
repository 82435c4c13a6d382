-- aias_private.check_audit: whether the audit log is what was written.
--
-- Caller    aias_private.look_at_health, for the check audit.
-- Promise   what the daily verification of the chain found (nothing is verified here), guards that are missing or off, rows of more than
--           an hour ago that have no seal, and seals that nobody has verified for two days.
-- requires: aias_private.nil_uuid
-- requires: aias_private.watch_audit_broken
create or replace function aias_private.check_audit()
returns table (
    object text,
    problem text
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select w.key, coalesce(w.details ->> 'reason', format('%s of its guards are missing or off', w.value))
    from aias_private.watch_audit_broken(interval '0') as w
    union all
    select 'audit_log', 'rows of more than an hour ago are not sealed'
    where exists (
        select
        from aias_private.audit_log as a
        where
            a.id > coalesce(
                (select s.to_id from aias_private.audit_seals as s order by s.seq desc limit 1), aias_private.nil_uuid()
            )
            and a.id < aias_private.uuid7_floor(aias_private.now() - interval '1 hour')
    )
    union all
    select 'audit_seals', 'were not verified for two days'
    where
        exists (
            select from aias_private.audit_seals as s where s.sealed_at < aias_private.now() - interval '2 days'
        )
        and not exists (
            select from aias_private.audit_verifications as v
            where v.verified_at > aias_private.now() - interval '2 days'
        )
$$;
revoke execute on function aias_private.check_audit() from public;
comment on function aias_private.check_audit() is
'What is wrong with the audit log: its guards, its chain, and what was not sealed or verified in time.';
