-- aias_private.settle_samples: note that a tenant's samples are installed.
--
-- Caller    aias.onboarding, in the transaction that began with begin_samples. p_missing: kinds of connection without a local server.
-- requires: aias_private.record_audit
create or replace function aias_private.settle_samples(
    p_tenant uuid,
    p_missing text[]
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update aias_private.tenant_samples as s
    set status = 'installed', installed_at = aias_private.now(), removed_at = null, missing_kinds = p_missing
    where s.tenant_id = p_tenant and s.status = 'due';
    if found then
        perform aias_private.record_audit(
            p_tenant,
            'samples.installed',
            'tenant',
            p_tenant::text,
            jsonb_build_object(
                'is_sample', true,
                'missing_kinds', p_missing,
                'workflows', (
                    select coalesce(jsonb_agg(w.name order by w.name), '[]')
                    from aias_private.workflows as w
                    where w.tenant_id = p_tenant and w.is_sample and w.deleted_at is null
                )
            )
        );
    end if;
end;
$$;
revoke execute on function aias_private.settle_samples(uuid, text[]) from public;
grant execute on function aias_private.settle_samples(uuid, text[]) to aias_worker, aias_admin;
comment on function aias_private.settle_samples(uuid, text[]) is 'Notes that a tenant''s samples are installed.';
