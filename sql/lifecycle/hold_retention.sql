-- aias.hold_retention: keep a tenant's rows longer, or shorter, than the policies say.
--
-- Promise   holds from the next run on, until aias.release_retention. Without an age it is a legal hold: nothing of the tenant goes.
--           p_policy * is every table; the audit log is never shortened. A longer one wins over a shorter one of the same tenant.
-- Errors    JR403 the caller is confined to a tenant; JR404 no such tenant or policy; JR422 the age is below a day or there is no reason.
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
create or replace function aias.hold_retention(
    p_tenant text,
    p_reason text,
    p_age interval default null,
    p_policy text default '*'
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid;
begin
    if not aias_private.caller_sees_all() then
        raise exception 'retention is a matter for administrators' using errcode = 'JR403';
    end if;
    v_tenant := aias_private.tenant_by_slug(p_tenant);
    if p_age < interval '1 day' then
        raise exception 'rows are kept for a day or longer, not for %', p_age using errcode = 'JR422', column = 'p_age';
    end if;
    if coalesce(p_reason, '') = '' or length(p_reason) > 1000 then
        raise exception 'a hold has a reason of at most 1,000 characters' using errcode = 'JR422', column = 'p_reason';
    end if;
    if
        p_policy is null
        or p_policy <> '*' and not exists (
            select from aias_private.retention_policies as p where p.table_name = p_policy and p.age is not null
        )
    then
        raise exception 'there is no retention policy % of its own', coalesce(quote_literal(p_policy), 'null')
            using errcode = 'JR404', column = 'p_policy';
    end if;
    insert into aias_private.retention_overrides as o (tenant_id, table_name, age, reason, set_by)
    values (v_tenant, p_policy, p_age, p_reason, aias_private.caller_role())
    on conflict (tenant_id, table_name) do update
    set age = excluded.age, reason = excluded.reason, set_by = excluded.set_by, set_at = aias_private.now();
    perform aias_private.record_audit(
        v_tenant,
        'retention.held',
        'retention_policy',
        p_policy,
        jsonb_build_object('age', p_age, 'reason', p_reason)
    );
end;
$$;
revoke execute on function aias.hold_retention(text, text, interval, text) from public;
grant execute on function aias.hold_retention(text, text, interval, text) to aias_app, aias_admin;
comment on function aias.hold_retention(text, text, interval, text) is
'Keeps a tenant''s rows for an age of its own, or without one for good (a legal hold); administrators only.';
