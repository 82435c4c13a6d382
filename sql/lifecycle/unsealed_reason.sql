-- aias_private.unsealed_reason: why a partition of the audit log may not be dropped yet; null when all its rows are sealed.
--
-- Caller    the policy of the audit log, before its rows go to the archive.
create or replace function aias_private.unsealed_reason(p_partition text)
returns text
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_is_unsealed boolean;
begin
    execute format(
        'select exists (select from aias_private.%I as r where r.id >= coalesce('
        '(select s.to_id from aias_private.audit_seals as s order by s.seq desc limit 1), aias_private.nil_uuid()))',
        p_partition
    ) into v_is_unsealed;
    return case when v_is_unsealed then 'it holds rows that are not sealed yet' end;
end;
$$;
-- requires: aias_private.nil_uuid
revoke execute on function aias_private.unsealed_reason(text) from public;
comment on function aias_private.unsealed_reason(text) is
'Why a partition of the audit log may not be dropped yet; null when all its rows are sealed.';
