-- aias_private.erase_batch: go on with an erasure, by one batch.
--
-- Caller    the task aias.erase_user and `aias user erase`, one transaction per call, until it returns false.
-- Promise   what a batch did and how far it is commit together: a kill loses one batch at most, and whoever goes on repeats it. After
--           the last table all are looked at once more, for what was written meanwhile; then the
--           certificate is made, the id and the address are forgotten, and the audit log gets the tombstone.
-- Returns   whether there is more.
-- Locks     the erasure first (two callers take turns), then rows of one table.
-- Errors    JR404 no such erasure; JR422 p_limit is not positive.
-- requires: aias_private.erase_rows
-- requires: aias_private.apply_erasures
-- requires: aias_private.person_pattern
-- requires: aias_private.record_audit
-- requires: aias_private.certify_erasure
create or replace function aias_private.erase_batch(
    p_erasure uuid,
    p_limit integer
)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_erasure aias_private.erasures;
    v_item aias_private.erasure_items;
    v_did record;
begin
    if p_limit is null or p_limit < 1 then
        raise exception 'a batch has a row or more, not %', coalesce(p_limit::text, 'null')
            using errcode = 'JR422', column = 'p_limit';
    end if;
    select e.* into v_erasure from aias_private.erasures as e where e.id = p_erasure for update;
    if not found then
        raise exception 'there is no erasure %', coalesce(p_erasure::text, 'null')
            using errcode = 'JR404', column = 'p_erasure';
    end if;
    if v_erasure.status = 'done' then
        return false;
    end if;
    select i.* into v_item
    from aias_private.erasure_items as i
    where i.tenant_id = v_erasure.tenant_id and i.erasure_id = p_erasure and not i.is_done
    order by i.position
    limit 1;
    if found then
        if starts_with(v_item.table_name, 'aias_archive.') then
            -- gone when the archive was unloaded meanwhile; counted with what the register finds of others
            select
                null::text[] as last_key,
                0::bigint as scanned_count,
                coalesce(a.deleted_count, 0)::bigint as deleted_count,
                coalesce(a.anonymized_count, 0)::bigint as anonymized_count
            into v_did
            from aias_private.apply_erasures(
                to_regclass(format('aias_archive.%I', substr(v_item.table_name, length('aias_archive.') + 1)))
            ) as a;
        else
            select r.* into v_did
            from aias_private.erase_rows(
                v_item.table_name,
                v_erasure.tenant_id,
                v_item.is_global,
                aias_private.person_pattern(v_erasure.subject_email),
                aias_private.person_pattern(v_erasure.subject_id::text),
                v_erasure.pseudonym,
                v_item.last_key,
                p_limit
            ) as r;
        end if;
        update aias_private.erasure_items as i
        set
            last_key = v_did.last_key,
            is_done = v_did.last_key is null,
            scanned_count = i.scanned_count + v_did.scanned_count,
            deleted_count = i.deleted_count + v_did.deleted_count,
            anonymized_count = i.anonymized_count + v_did.anonymized_count
        where
            i.tenant_id = v_item.tenant_id
            and i.erasure_id = v_item.erasure_id
            and i.table_name = v_item.table_name
            and i.is_global = v_item.is_global;
        return true;
    end if;
    if v_erasure.pass = 1 then
        update aias_private.erasures as e set pass = 2
        where e.tenant_id = v_erasure.tenant_id and e.id = p_erasure;
        update aias_private.erasure_items as i set is_done = false
        where i.tenant_id = v_erasure.tenant_id and i.erasure_id = p_erasure;
        return true;
    end if;
    perform aias_private.certify_erasure(v_erasure.tenant_id, p_erasure);
    return false;
end;
$$;
revoke execute on function aias_private.erase_batch(uuid, integer) from public;
comment on function aias_private.erase_batch(uuid, integer) is
'Goes on with an erasure by one batch; true while there is more.';
