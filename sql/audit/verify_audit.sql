-- aias.verify_audit: whether the audit log is what was sealed.
--
-- Caller    an operator, and aias_private.check_audit_chain for the daily look.
-- Promise   walks the seals from p_from_seal to p_to_seal (null: from the first, to the last) in order and stops at the first thing that
--           is wrong: a seal that is missing or does not fit its hash or the one before, a row that was altered, is missing or was
--           inserted; then, at the end, whether the guards against changes are on. Rows after the last seal are counted, not checked.
--           Archived rows are taken from the archive's word (archived_count); their seals are checked like all. What it finds is kept in
--           aias.audit_verifications, and opens an alert, unless the transaction is read only.
-- Limit     who can rewrite the rows, all their seals and all seals after them, can be found by a checkpoint only that is kept elsewhere
--           (aias audit export).
-- Plan      one range of audit_log_id_idx per seal.
-- Errors    JR403 the caller is no operator; JR404 there is no such seal; JR422 the range ends before it begins.
-- requires: aias_private.seal_hash
-- requires: aias_private.check_audit_seal
-- requires: aias_private.audit_guards_off
-- requires: aias_private.caller_actor
-- requires: aias_private.nil_uuid
create or replace function aias.verify_audit(
    p_from_seal bigint default null,
    p_to_seal bigint default null
)
returns table (
    ok boolean,
    checked bigint,
    first_bad_id uuid,
    reason text,
    finding text,
    bad_seal bigint,
    archived bigint,
    unsealed bigint,
    from_seal bigint,
    to_seal bigint,
    head_hash text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_head record;
    v_seal record;
    v_rows record;
    v_expected bigint;
    v_previous_hash bytea := decode(repeat('00', 32), 'hex');
    v_previous_to uuid := aias_private.nil_uuid();
    v_hash bytea;
    v_checked bigint := 0;
    v_archived bigint := 0;
    v_finding text;
    v_reason text;
    v_bad_id uuid;
    v_bad_seal bigint;
begin
    if not aias_private.caller_sees_all() then
        raise exception 'the role % may not verify the audit log', aias_private.caller_role() using errcode = 'JR403';
    end if;
    select s.seq, s.to_id, s.hash into v_head from aias_private.audit_seals as s order by s.seq desc limit 1;
    if p_from_seal is not null and p_from_seal not between 1 and coalesce(v_head.seq, 0) then
        raise exception 'there is no seal %', p_from_seal using errcode = 'JR404', column = 'p_from_seal';
    end if;
    if p_to_seal is not null and p_to_seal not between 1 and coalesce(v_head.seq, 0) then
        raise exception 'there is no seal %', p_to_seal using errcode = 'JR404', column = 'p_to_seal';
    end if;
    from_seal := coalesce(p_from_seal, 1);
    to_seal := coalesce(p_to_seal, v_head.seq, 0);
    if p_to_seal < from_seal then
        raise exception 'seal % comes before seal %', p_to_seal, from_seal using errcode = 'JR422', column = 'p_to_seal';
    end if;
    if from_seal > 1 then
        select s.hash, s.to_id into v_previous_hash, v_previous_to
        from aias_private.audit_seals as s
        where s.seq = from_seal - 1;
    end if;
    v_expected := from_seal;
    for v_seal in
        select
            s.seq,
            s.from_id,
            s.to_id,
            s.previous_hash,
            s.hash,
            aias_private.seal_hash(
                s.seq, s.form, s.from_id, s.to_id, s.row_ids, s.row_marks, s.rows_digest, s.previous_hash, s.sealed_at
            ) as actual_hash
        from aias_private.audit_seals as s
        where s.seq >= from_seal and s.seq <= to_seal
        order by s.seq
    loop
        if v_seal.seq <> v_expected or v_previous_hash is null then
            v_bad_seal := v_expected - (v_previous_hash is null)::integer;
            v_finding := 'seal_missing';
            v_reason := format('seal %s is missing', v_bad_seal);
            exit;
        end if;
        if v_seal.actual_hash <> v_seal.hash then
            v_bad_seal := v_seal.seq;
            v_finding := 'seal_altered';
            v_reason := format('seal %s was altered: it does not fit its own hash', v_bad_seal);
            exit;
        end if;
        if v_seal.previous_hash <> v_previous_hash or v_seal.from_id <> v_previous_to then
            v_bad_seal := v_seal.seq;
            v_finding := 'seal_altered';
            v_reason := format('seal %s does not go on from the seal before it', v_bad_seal);
            exit;
        end if;
        select c.checked_count, c.archived_count, c.finding, c.bad_id, c.place into v_rows
        from aias_private.check_audit_seal(v_seal.seq) as c;
        v_checked := v_checked + v_rows.checked_count;
        v_archived := v_archived + v_rows.archived_count;
        if v_rows.finding is not null then
            v_bad_seal := v_seal.seq;
            v_finding := v_rows.finding;
            v_bad_id := v_rows.bad_id;
            v_reason := case v_finding
                when 'altered' then format('row %s of seal %s was altered since it was sealed', v_rows.place, v_seal.seq)
                when 'missing' then format('row %s of seal %s is missing', v_rows.place, v_seal.seq)
                else format(
                    'a row was inserted before row %s of seal %s, after that was sealed', v_rows.place, v_seal.seq
                )
            end;
            exit;
        end if;
        v_expected := v_expected + 1;
        v_previous_hash := v_seal.hash;
        v_previous_to := v_seal.to_id;
    end loop;
    if v_finding is null and v_expected <= to_seal then
        v_bad_seal := v_expected;
        v_finding := 'seal_missing';
        v_reason := format('seal %s is missing', v_bad_seal);
    end if;
    if v_finding is null then
        select
            'guard_off',
            format('%s lacks %s of its three guards against changes', g.table_name, g.off_count)
        into v_finding, v_reason
        from aias_private.audit_guards_off() as g
        order by g.table_name
        limit 1;
    end if;
    ok := v_finding is null;
    checked := v_checked;
    first_bad_id := v_bad_id;
    reason := v_reason;
    finding := v_finding;
    bad_seal := v_bad_seal;
    archived := v_archived;
    select count(*) into unsealed
    from aias_private.audit_log as a
    where a.id >= coalesce(v_head.to_id, aias_private.nil_uuid());
    head_hash := encode(v_head.hash, 'hex');
    if current_setting('transaction_read_only') = 'off' then
        insert into aias_private.audit_verifications (
            kind, from_seal, to_seal, is_ok, checked_count, archived_count, unsealed_count, finding, first_bad_id,
            bad_seal, reason, head_hash, verified_by
        )
        values (
            coalesce(nullif(current_setting('aias.audit_check', true), ''), 'asked'), from_seal, to_seal, ok, checked,
            archived, unsealed, finding, first_bad_id, bad_seal, reason, v_head.hash, aias_private.caller_actor()
        );
    end if;
    return next;
end;
$$;
revoke execute on function aias.verify_audit(bigint, bigint) from public;
grant execute on function aias.verify_audit(bigint, bigint) to aias_worker, aias_admin;
comment on function aias.verify_audit(bigint, bigint) is
'Whether the audit log is what was sealed; else the first row that was altered, is missing or was inserted, and where.';
