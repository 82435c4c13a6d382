-- aias_private.check_audit: whether the audit log is what was written.
--
-- Caller    aias_private.look_at_health, for the check audit.
-- Promise   what aias.verify_audit finds, where it is there, and guards that are missing or off.
-- requires: aias_private.watch_audit_broken
create or replace function aias_private.check_audit()
returns table (
    object text,
    problem text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select w.key, format('%s of its guards are missing or off', w.value)
    from aias_private.watch_audit_broken(interval '0') as w;
    if to_regprocedure('aias.verify_audit()') is not null then
        return query execute $query$
            select
                'audit_log',
                format('%s, first at %s', v.reason, coalesce(v.first_bad_id::text, 'no row'))
            from aias.verify_audit() as v
            where not v.ok
        $query$;
    end if;
end;
$$;
revoke execute on function aias_private.check_audit() from public;
comment on function aias_private.check_audit() is
'What is wrong with the audit log: its guards, and its chain.';
