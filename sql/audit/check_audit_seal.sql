-- aias_private.check_audit_seal: the rows of the audit log under a seal, against what the seal says of them.
--
-- Caller    verify_audit, which has checked the seal itself.
-- Promise   finding is null when the rows are what was sealed, or when none is there and all are archived (archived_count); what was
--           brought back into aias_archive is read there. Else
--           the first row by id that was altered, is missing or was inserted, with its place from 1 among the sealed rows (of an inserted
--           one: how many sealed rows lie before it, and one).
-- Plan      audit_log_id_idx over the seal's ids.
-- requires: aias_private.audit_rows
-- requires: aias_private.archived_audit
create or replace function aias_private.check_audit_seal(
    p_seq bigint,
    out checked_count integer,
    out archived_count integer,
    out finding text,
    out bad_id uuid,
    out place integer
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_seal record;
    v_rows record;
    v_table regclass := 'aias_private.audit_log'::regclass;
begin
    select s.from_id, s.to_id, s.row_count, s.rows_digest into strict v_seal
    from aias_private.audit_seals as s
    where s.seq = p_seq;
    select
        count(*)::integer as count,
        sha256(string_agg(h.hash, '' order by h.id, h.tenant_id)) as digest
    into v_rows
    from aias_private.audit_rows(v_table, v_seal.from_id, v_seal.to_id) as h;
    checked_count := v_rows.count;
    archived_count := 0;
    if v_rows.count = v_seal.row_count and v_rows.digest = v_seal.rows_digest then
        return;
    end if;
    if v_rows.count = 0 then
        select r.restored into v_table
        from aias_private.archived_audit() as r
        inner join aias_private.audit_seals as s on s.seq = p_seq
        where r.from_id <= s.row_ids[1] and r.to_id > s.row_ids[s.row_count]
        limit 1;
        if found and v_table is null then
            archived_count := v_seal.row_count;
            return;
        elsif found then
            select
                count(*)::integer as count,
                sha256(string_agg(h.hash, '' order by h.id, h.tenant_id)) as digest
            into v_rows
            from aias_private.audit_rows(v_table, v_seal.from_id, v_seal.to_id) as h;
            checked_count := v_rows.count;
            if v_rows.count = v_seal.row_count and v_rows.digest = v_seal.rows_digest then
                return;
            end if;
        else
            v_table := 'aias_private.audit_log'::regclass;
        end if;
    end if;
    with sealed as (
        select
            u.id,
            u.place::integer as place,
            substr(s.row_marks, (u.place::integer - 1) * 16 + 1, 16) as mark
        from aias_private.audit_seals as s
        cross join unnest(s.row_ids) with ordinality as u (id, place)
        where s.seq = p_seq
    ),
    present as (
        select h.id, substr(h.hash, 1, 16) as mark
        from aias_private.audit_rows(v_table, v_seal.from_id, v_seal.to_id) as h
    )
    select
        case when p.id is null then 'missing' when s.id is null then 'inserted' else 'altered' end,
        coalesce(s.id, p.id),
        coalesce(s.place, (select count(*) from sealed as b where b.id < p.id)::integer + 1)
    into finding, bad_id, place
    from sealed as s
    full join present as p on s.id = p.id
    where s.mark is distinct from p.mark
    order by coalesce(s.id, p.id)
    limit 1;
    -- halves of the hashes that agree where the whole ones don't
    finding := coalesce(finding, 'altered');
end;
$$;
revoke execute on function aias_private.check_audit_seal(bigint) from public;
comment on function aias_private.check_audit_seal(bigint) is
'Compares the rows under a seal of the audit log with what was sealed, and names the first that differs.';
