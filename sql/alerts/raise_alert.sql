-- aias_private.raise_alert: say that something is wrong.
--
-- Caller    the evaluation of the rules, and every domain that finds something wrong by itself (a fuse, a quota). A null tenant: it is
--           nobody's in particular; p_rule is one of the operators' rules, or a name of the domain's own.
-- Promise   in the caller's transaction: one open alert per rule, tenant and key, opened here or counted onto. Who is told,
--           and how often, is decided by aias_private.tell_alerts within the minute, so that a thousand alerts are not a thousand notices. Null when the
--           rule is switched off.
-- Locks     the open alert's row until the transaction ends: callers with the same key wait for each other.
-- Errors    JR422 the severity is unknown, or there is no title.
-- requires: aias_private.nil_uuid
-- requires: aias_private.severity_rank
create or replace function aias_private.raise_alert(
    p_rule text,
    p_tenant uuid,
    p_key text,
    p_severity text,
    p_title text,
    p_details jsonb
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := aias_private.now();
    v_id uuid;
begin
    if aias_private.severity_rank(p_severity) is null or coalesce(p_title, '') = '' then
        raise exception 'an alert has a title and is info, warning or critical, not %', coalesce(quote_literal(p_severity), 'null')
            using errcode = 'JR422', column = 'p_severity';
    end if;
    perform from aias_private.alert_rules as r
    where r.tenant_id = aias_private.nil_uuid() and r.name = p_rule and not r.is_enabled;
    if found then
        return null;
    end if;
    insert into aias_private.alerts as a (
        tenant_id, rule, key, severity, title, details, opened_at, last_seen_at
    )
    values (
        coalesce(p_tenant, aias_private.nil_uuid()),
        p_rule,
        left(coalesce(p_key, ''), 300),
        p_severity,
        left(p_title, 500),
        coalesce(p_details, '{}'),
        v_now,
        v_now
    )
    on conflict (tenant_id, rule_tenant_id, rule, key) where status <> 'resolved' do update
    set
        occurrence_count = a.occurrence_count + 1,
        last_seen_at = excluded.last_seen_at,
        title = excluded.title,
        details = excluded.details,
        severity = excluded.severity
    returning a.id into v_id;
    return v_id;
end;
$$;
revoke execute on function aias_private.raise_alert(text, uuid, text, text, text, jsonb) from public;
comment on function aias_private.raise_alert(text, uuid, text, text, text, jsonb) is
'Opens an alert, or counts onto the open one; returns its id, null when its rule is switched off.';
