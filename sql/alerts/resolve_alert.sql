-- aias_private.resolve_alert: say that what was wrong is right again.
--
-- Caller    whoever raised it, with the same rule, tenant and key.
-- Promise   false where no such alert is open. Those who were told of it are told of the end.
-- requires: aias_private.nil_uuid
create or replace function aias_private.resolve_alert(
    p_rule text,
    p_tenant uuid,
    p_key text
)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update aias_private.alerts as a
    set status = 'resolved', resolved_at = aias_private.now(), resolved_by = 'aias'
    where
        a.tenant_id = coalesce(p_tenant, aias_private.nil_uuid())
        and a.rule_tenant_id = aias_private.nil_uuid()
        and a.rule = p_rule
        and a.key = left(coalesce(p_key, ''), 300)
        and a.status <> 'resolved';
    return found;
end;
$$;
revoke execute on function aias_private.resolve_alert(text, uuid, text) from public;
comment on function aias_private.resolve_alert(text, uuid, text) is
'Ends the open alert of a rule, tenant and key; false when there is none.';
