-- aias_private.certify_erasure: end an erasure with its certificate.
--
-- Promise   the certificate says what was done in each table, what is kept and why, who asked and when; its `sha256` is that of the
--           text of the document without it (jsonb's own spelling). Nothing in it names the person. The audit log keeps a
--           tombstone: the id, and that it is erased.
-- requires: aias_private.record_audit
create or replace function aias_private.certify_erasure(
    p_tenant uuid,
    p_erasure uuid
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_erasure aias_private.erasures;
    v_document jsonb;
    v_tables jsonb;
    v_deleted bigint;
    v_anonymized bigint;
begin
    select e.* into strict v_erasure
    from aias_private.erasures as e
    where e.tenant_id = p_tenant and e.id = p_erasure;
    select
        jsonb_agg(
            jsonb_build_object(
                'table', t.table_name, 'scanned', t.scanned, 'deleted', t.deleted, 'anonymized', t.anonymized
            ) order by t.table_name
        ),
        sum(t.deleted),
        sum(t.anonymized)
    into v_tables, v_deleted, v_anonymized
    from (
        select
            i.table_name,
            sum(i.scanned_count) as scanned,
            sum(i.deleted_count) as deleted,
            sum(i.anonymized_count) as anonymized
        from aias_private.erasure_items as i
        where i.tenant_id = p_tenant and i.erasure_id = p_erasure
        group by i.table_name
    ) as t;
    v_document := jsonb_build_object(
        'erasure', p_erasure,
        'tenant_id', p_tenant,
        'subject_sha256', encode(v_erasure.subject_hash, 'hex'),
        'email_sha256', encode(v_erasure.email_hash, 'hex'),
        'pseudonym', v_erasure.pseudonym,
        'reason', v_erasure.reason,
        'requested_by', v_erasure.requested_by,
        'requested_at', v_erasure.requested_at,
        'finished_at', aias_private.now(),
        'deleted', v_deleted,
        'anonymized', v_anonymized,
        'tables', v_tables,
        'kept', (
            select coalesce(jsonb_agg(
                jsonb_build_object('table', d.table_name, 'column', d.column_name, 'reason', d.reason)
                order by d.table_name, d.column_name
            ), '[]')
            from aias_private.personal_data as d
            where d.kind = 'user' and d.action = 'keep'
        )
    );
    v_document := v_document || jsonb_build_object(
        'sha256', encode(sha256(convert_to(v_document::text, 'UTF8')), 'hex')
    );
    update aias_private.erasures as e
    set
        status = 'done',
        certificate = v_document,
        finished_at = aias_private.now(),
        subject_id = null,
        subject_email = null
    where e.tenant_id = p_tenant and e.id = p_erasure;
    perform aias_private.record_audit(
        p_tenant,
        'user.erased',
        'user',
        v_erasure.subject_id::text,
        jsonb_build_object(
            'erasure', p_erasure,
            'deleted', v_deleted,
            'anonymized', v_anonymized,
            'certificate_sha256', v_document -> 'sha256'
        )
    );
end;
$$;
revoke execute on function aias_private.certify_erasure(uuid, uuid) from public;
comment on function aias_private.certify_erasure(uuid, uuid) is 'Ends an erasure with its certificate.';
