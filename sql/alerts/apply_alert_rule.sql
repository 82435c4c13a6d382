-- aias_private.apply_alert_rule: open, count and end the alerts of one rule.
--
-- Caller    aias_private.evaluate_alerts, once per rule and minute.
-- Promise   what is beyond the threshold, within the rule's scope, for as long as the rule waits, has one open alert; what is not any more, for
--           long enough, is resolved. While a rule that inhibits this one has an open alert for the same tenant, and for the
--           same key where both have one (or the key that its details name as scope and name), nothing new opens.
-- Errors    whatever the source runs into.
-- requires: aias_private.nil_uuid
-- requires: aias_private.read_alert_source
create or replace function aias_private.apply_alert_rule(
    p_rule aias_private.alert_rules
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := aias_private.now();
    v_found jsonb;
begin
    select coalesce(jsonb_agg(to_jsonb(f)), '[]') into v_found
    from (
        select
            coalesce(w.tenant_id, aias_private.nil_uuid()) as tenant_id,
            left(coalesce(w.key, ''), 300) as key,
            w.value,
            w.details
        from aias_private.read_alert_source(p_rule.source, p_rule.window_length) as w
        where
            case p_rule.comparison
                when '>' then w.value > p_rule.threshold
                when '>=' then w.value >= p_rule.threshold
                when '<' then w.value < p_rule.threshold
                else w.value <= p_rule.threshold
            end
            and (p_rule.tenant_id = aias_private.nil_uuid() or w.tenant_id = p_rule.tenant_id)
            and case p_rule.scope
                when 'global' then true
                when 'tenant' then w.tenant_id = (select t.id from aias_private.tenants as t where t.slug = p_rule.scope_name)
                else w.key = p_rule.scope_name
            end
    ) as f;

    delete from aias_private.alert_breaches as b
    where
        b.rule_tenant_id = p_rule.tenant_id
        and b.rule = p_rule.name
        and not exists (
            select
            from jsonb_to_recordset(v_found) as f (tenant_id uuid, key text)
            where f.tenant_id = b.tenant_id and f.key = b.key
        );
    if p_rule.for_duration > interval '0' then
        insert into aias_private.alert_breaches (tenant_id, rule_tenant_id, rule, key, since)
        select f.tenant_id, p_rule.tenant_id, p_rule.name, f.key, v_now
        from jsonb_to_recordset(v_found) as f (tenant_id uuid, key text)
        on conflict (tenant_id, rule_tenant_id, rule, key) do nothing;
    end if;

    insert into aias_private.alerts as a (
        tenant_id, rule_tenant_id, rule, key, severity, title, details, value, opened_at, last_seen_at
    )
    select
        f.tenant_id,
        p_rule.tenant_id,
        p_rule.name,
        f.key,
        p_rule.severity,
        left(
            format(
                '%s (%s: %s %s)',
                rtrim(p_rule.description, '.'),
                coalesce(nullif(concat_ws(' ', t.slug, nullif(f.key, '')), ''), 'AIAS'),
                round(f.value::numeric, 1),
                s.unit
            ),
            500
        ),
        coalesce(f.details, '{}') || jsonb_build_object('threshold', p_rule.threshold, 'unit', s.unit),
        f.value,
        v_now,
        v_now
    from jsonb_to_recordset(v_found) as f (tenant_id uuid, key text, value double precision, details jsonb)
    inner join aias_private.alert_sources as s on s.name = p_rule.source
    left join aias_private.tenants as t on t.id = f.tenant_id
    left join aias_private.alert_breaches as b
        on b.tenant_id = f.tenant_id
        and b.rule_tenant_id = p_rule.tenant_id
        and b.rule = p_rule.name
        and b.key = f.key
    left join aias_private.alerts as o
        on o.tenant_id = f.tenant_id
        and o.rule_tenant_id = p_rule.tenant_id
        and o.rule = p_rule.name
        and o.key = f.key
        and o.status <> 'resolved'
    where
        o.id is not null
        or (
            (p_rule.for_duration = interval '0' or b.since <= v_now - p_rule.for_duration)
            and not exists (
                select
                from aias_private.alerts as i
                where
                    i.tenant_id = f.tenant_id
                    and i.rule = any(p_rule.inhibited_by)
                    and i.status <> 'resolved'
                    and (
                        i.key in ('', f.key)
                        or f.key = ''
                        or f.key = (i.details ->> 'scope') || ':' || (i.details ->> 'name')
                    )
            )
        )
    order by f.tenant_id, f.key
    on conflict (tenant_id, rule_tenant_id, rule, key) where status <> 'resolved' do update
    set
        occurrence_count = a.occurrence_count + 1,
        last_seen_at = excluded.last_seen_at,
        title = excluded.title,
        details = excluded.details,
        value = excluded.value,
        severity = excluded.severity;

    update aias_private.alerts as a
    set status = 'resolved', resolved_at = v_now, resolved_by = 'aias'
    where
        a.rule_tenant_id = p_rule.tenant_id
        and a.rule = p_rule.name
        and a.status <> 'resolved'
        and a.last_seen_at <= v_now - p_rule.resolve_after
        and not exists (
            select
            from jsonb_to_recordset(v_found) as f (tenant_id uuid, key text)
            where f.tenant_id = a.tenant_id and f.key = a.key
        );
end;
$$;
revoke execute on function aias_private.apply_alert_rule(aias_private.alert_rules) from public;
comment on function aias_private.apply_alert_rule(aias_private.alert_rules) is
'Opens, counts and ends the alerts of one rule.';
