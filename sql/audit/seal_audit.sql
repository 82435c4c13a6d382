-- aias.seal_audit: seal the next rows of the audit log.
--
-- Caller    the task aias.seal_audit, every minute, until it gives 0.
-- Promise   at most p_limit rows, in the order of their ids, get into one seal, whose hash holds the one of the seal before. Each row
--           is in exactly one: sealed is only what lies before aias_private.visible_until(), where nothing comes later. Gives
--           how many rows were sealed; 0 too while another session seals.
-- Locks     an advisory lock among those who seal; nothing of the audit log: whoever inserts never waits.
-- Plan      audit_log_id_idx from the last seal on.
-- Errors    JR403 the caller is no operator; JR409 not in read committed, where what came meanwhile would not be seen;
--           JR422 p_limit is out of range.
-- requires: aias_private.audit_rows
-- requires: aias_private.seal_hash
-- requires: aias_private.visible_until
-- requires: aias_private.nil_uuid
create or replace function aias.seal_audit(p_limit integer default 10000)
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_visible timestamptz;
    v_last record;
    v_first uuid;
    v_until uuid;
    v_cut uuid;
    v_rows record;
    v_now constant timestamptz := aias_private.now();
begin
    if not aias_private.caller_sees_all() then
        raise exception 'the role % may not seal the audit log', aias_private.caller_role() using errcode = 'JR403';
    end if;
    if p_limit is null or p_limit not between 1 and 100000 then
        raise exception 'the limit must lie between 1 and 100,000, not %', coalesce(p_limit::text, 'null')
            using errcode = 'JR422', column = 'p_limit';
    end if;
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'the audit log is sealed in read committed, not in %', current_setting('transaction_isolation')
            using errcode = 'JR409';
    end if;
    if not pg_try_advisory_xact_lock('aias_private.audit_seals'::regclass::oid::bigint) then
        return 0;
    end if;
    -- the statements after this one see all that it speaks of; what this transaction does itself may still come
    v_visible := aias_private.visible_until();
    select least(v_visible, a.xact_start) into v_visible from pg_stat_activity as a where a.pid = pg_backend_pid();
    select s.seq, s.to_id, s.hash into v_last from aias_private.audit_seals as s order by s.seq desc limit 1;
    if not found then
        select 0::bigint as seq, aias_private.nil_uuid() as to_id, decode(repeat('00', 32), 'hex') as hash into v_last;
    end if;
    v_until := aias_private.uuid7_floor(v_visible);
    select a.id into v_first
    from aias_private.audit_log as a
    where a.id >= v_last.to_id and a.id < v_until
    order by a.id
    limit 1;
    if not found then
        return 0;
    end if;
    v_until := least(
        v_until,
        aias_private.uuid7_floor(date_trunc('month', aias_private.uuid7_time(v_first), 'UTC') + interval '1 month')
    );
    select a.id into v_cut
    from aias_private.audit_log as a
    where a.id >= v_first and a.id < v_until
    order by a.id
    offset p_limit
    limit 1;
    v_until := coalesce(v_cut, v_until);
    select
        array_agg(h.id order by h.id, h.tenant_id) as ids,
        string_agg(substr(h.hash, 1, 16), '' order by h.id, h.tenant_id) as marks,
        sha256(string_agg(h.hash, '' order by h.id, h.tenant_id)) as digest
    into v_rows
    from aias_private.audit_rows('aias_private.audit_log', v_first, v_until) as h;
    insert into aias_private.audit_seals (
        seq, from_id, to_id, row_count, row_ids, row_marks, rows_digest, previous_hash, hash, sealed_at
    )
    values (
        v_last.seq + 1,
        v_last.to_id,
        v_until,
        cardinality(v_rows.ids),
        v_rows.ids,
        v_rows.marks,
        v_rows.digest,
        v_last.hash,
        aias_private.seal_hash(
            v_last.seq + 1, 1::smallint, v_last.to_id, v_until, v_rows.ids, v_rows.marks, v_rows.digest, v_last.hash, v_now
        ),
        v_now
    );
    return cardinality(v_rows.ids);
end;
$$;
revoke execute on function aias.seal_audit(integer) from public;
grant execute on function aias.seal_audit(integer) to aias_worker, aias_admin;
comment on function aias.seal_audit(integer) is
'Seals the next rows of the audit log, at most so many, and says how many; 0 when there is nothing left to seal.';
