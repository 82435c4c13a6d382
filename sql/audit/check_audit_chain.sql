-- aias_private.check_audit_chain: the daily look at the chain of the audit log.
--
-- Caller    the task aias.verify_audit.
-- Promise   verifies what was sealed since the last good look at what was new (kind new), then the next part of all seals, a thirtieth
--           of them and at least p_least (kind rolling): all are looked at again within 30 looks. One row per look, as aias.verify_audit
--           gives it; the second is left out where the first has looked at all there is. A look that finds something begins at the same seal the next
--           time.
-- Errors    as aias.verify_audit; JR422 p_least is not positive.
-- requires: aias.verify_audit
create or replace function aias_private.check_audit_chain(p_least bigint default 100)
returns table (
    kind text,
    ok boolean,
    checked bigint,
    first_bad_id uuid,
    reason text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_head bigint;
    v_from bigint;
    v_count bigint;
begin
    if p_least is null or p_least < 1 then
        raise exception 'at least one seal is looked at, not %', coalesce(p_least::text, 'null')
            using errcode = 'JR422', column = 'p_least';
    end if;
    select coalesce(max(s.seq), 0) into v_head from aias_private.audit_seals as s;
    select coalesce(max(v.to_seal), 0) + 1 into v_from
    from aias_private.audit_verifications as v
    where v.is_ok and v.kind = 'new';
    perform set_config('aias.audit_check', 'new', true);
    -- with nothing new the last one is looked at again: it may have gone
    v_from := greatest(1, least(v_from, v_head));
    return query
    select 'new', r.ok, r.checked, r.first_bad_id, r.reason
    from aias.verify_audit(case when v_head > 0 then v_from end) as r;
    if v_from > 1 then
        v_count := greatest(p_least, ceil(v_head / 30.0)::bigint);
        select coalesce(
            (
                select case when v.is_ok then v.to_seal + 1 else v.from_seal end
                from aias_private.audit_verifications as v
                where v.kind = 'rolling'
                order by v.id desc
                limit 1
            ),
            1
        ) into v_from;
        v_from := case when v_from > v_head then 1 else v_from end;
        perform set_config('aias.audit_check', 'rolling', true);
        return query
        select 'rolling', r.ok, r.checked, r.first_bad_id, r.reason
        from aias.verify_audit(v_from, least(v_from + v_count - 1, v_head)) as r;
    end if;
    perform set_config('aias.audit_check', '', true);
end;
$$;
revoke execute on function aias_private.check_audit_chain(bigint) from public;
comment on function aias_private.check_audit_chain(bigint) is
'Verifies what was sealed since the last look, and a part of what was sealed before.';
