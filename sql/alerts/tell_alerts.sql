-- aias_private.tell_alerts: put into the outbox what people are to be told of alerts.
--
-- Caller    aias_private.evaluate_alerts, at its end; one at a time, by the lock of that.
-- Promise   one notice per audience, rule and phase (opened, still, resolved), however many alerts there are: 20 of them are named, the
--           rest counted. What is silenced is not told, and neither is its end.
-- Returns   how many notices it were.
-- requires: aias_private.due_tellings
-- requires: aias_private.put_notice
-- requires: aias_private.severity_rank
create or replace function aias_private.tell_alerts()
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_named constant integer := 20;
    v_now constant timestamptz := aias_private.now();
    v_due jsonb;
    v_group record;
    v_count integer := 0;
begin
    select coalesce(jsonb_agg(to_jsonb(d)), '[]') into v_due from aias_private.due_tellings() as d;
    for v_group in
        with numbered as (
            select
                d.recipient,
                d.phase,
                a.rule_tenant_id,
                a.rule,
                a.severity,
                a.title,
                a.id,
                a.opened_at,
                jsonb_build_object(
                    'id', a.id, 'tenant', t.slug, 'key', a.key, 'severity', a.severity, 'title', a.title, 'value', a.value,
                    'opened_at', a.opened_at, 'resolved_at', a.resolved_at, 'details', a.details
                ) as shown,
                row_number() over (
                    partition by d.recipient, a.rule_tenant_id, a.rule, d.phase
                    order by aias_private.severity_rank(a.severity) desc, a.id
                ) as place
            from jsonb_to_recordset(v_due) as d (
                tenant_id uuid, alert_id uuid, recipient uuid, phase text, is_silenced boolean
            )
            inner join aias_private.alerts as a on a.tenant_id = d.tenant_id and a.id = d.alert_id
            left join aias_private.tenants as t on t.id = a.tenant_id
            where not d.is_silenced
        )

        select
            n.recipient,
            n.rule_tenant_id,
            n.rule,
            n.phase,
            count(*) as alert_count,
            max(n.severity) filter (where n.place = 1) as severity,
            max(n.title) filter (where n.place = 1) as title,
            max(n.id::text) filter (where n.place = 1) as first_id,
            string_agg(
                format('- %s, since %s', n.title, to_char(n.opened_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"')),
                e'\n' order by n.place
            ) filter (where n.place <= c_named) as lines,
            jsonb_agg(n.shown order by n.place) filter (where n.place <= c_named) as alerts
        from numbered as n
        group by n.recipient, n.rule_tenant_id, n.rule, n.phase
        order by n.recipient, n.rule_tenant_id, n.rule, n.phase
    loop
        perform aias_private.put_notice(
            v_group.recipient,
            case when v_group.phase = 'resolved' then 'alert_resolved' else 'alert' end,
            v_group.severity,
            concat(
                case v_group.phase when 'resolved' then 'Resolved: ' when 'still' then 'Still: ' end,
                v_group.title,
                case when v_group.alert_count > 1 then format(' and %s more', v_group.alert_count - 1) end
            ),
            concat(
                v_group.lines,
                case
                    when v_group.alert_count > c_named then format(e'\n- and %s more', v_group.alert_count - c_named)
                end
            ),
            jsonb_build_object(
                'rule', v_group.rule, 'phase', v_group.phase, 'count', v_group.alert_count, 'alerts', v_group.alerts
            ),
            concat_ws(':', 'alert', v_group.rule, v_group.phase, v_group.first_id, extract(epoch from v_now)),
            (
                select r.channels
                from aias_private.alert_rules as r
                where r.tenant_id = v_group.rule_tenant_id and r.name = v_group.rule
            )
        );
        insert into aias_private.alert_paces as p (tenant_id, rule_tenant_id, rule, told_at)
        values (v_group.recipient, v_group.rule_tenant_id, v_group.rule, v_now)
        on conflict (tenant_id, rule_tenant_id, rule) do update set told_at = excluded.told_at;
        v_count := v_count + 1;
    end loop;

    insert into aias_private.alert_tellings as k (tenant_id, alert_id, audience, told_at)
    select d.tenant_id, d.alert_id, d.audience, v_now
    from jsonb_to_recordset(v_due) as d (
        tenant_id uuid, alert_id uuid, audience text, phase text, is_silenced boolean
    )
    where d.phase <> 'resolved' and not d.is_silenced
    on conflict (tenant_id, alert_id, audience) do update
    set told_at = excluded.told_at, told_count = k.told_count + 1;
    update aias_private.alert_tellings as k
    set is_resolution_told = true
    from jsonb_to_recordset(v_due) as d (tenant_id uuid, alert_id uuid, audience text, phase text)
    where
        d.phase = 'resolved'
        and k.tenant_id = d.tenant_id
        and k.alert_id = d.alert_id
        and k.audience = d.audience;
    return v_count;
end;
$$;
revoke execute on function aias_private.tell_alerts() from public;
comment on function aias_private.tell_alerts() is
'Puts into the outbox what tenants and operators are to be told of alerts; returns how many notices it were.';
