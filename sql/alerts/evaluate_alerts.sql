-- aias_private.evaluate_alerts: look at everything that rules look at, and tell whom it concerns.
--
-- Caller    the task aias.evaluate_alerts, every minute; two at once: the second does nothing.
-- Promise   every rule that is switched on has been applied, those that inhibit others first. One whose source fails changes nothing, is
--           reported here and as an alert of the rule rule_failing, and the others go on; that alert ends when it works again. Alerts
--           of a rule that was removed or switched off end. Then the notices that are due are put into the outbox.
-- Returns   the rules that could not be applied, and why.
-- requires: aias_private.apply_alert_rule
-- requires: aias_private.nil_uuid
-- requires: aias_private.raise_alert
-- requires: aias_private.resolve_alert
-- requires: aias_private.tell_alerts
create or replace function aias_private.evaluate_alerts()
returns table (
    rule text,
    problem text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_rule aias_private.alert_rules;
    v_owner uuid;
begin
    if not pg_try_advisory_xact_lock(hashtext('aias_private.evaluate_alerts')) then
        return;
    end if;
    for v_rule in
        select r.*
        from aias_private.alert_rules as r
        where r.is_enabled and r.source is not null
        order by r.position, r.tenant_id, r.name
    loop
        v_owner := nullif(v_rule.tenant_id, aias_private.nil_uuid());
        begin
            perform aias_private.apply_alert_rule(v_rule);
            perform aias_private.resolve_alert('rule_failing', v_owner, v_rule.name);
        exception
            when others then
                rule := v_rule.name;
                problem := sqlerrm;
                return next;
                perform aias_private.raise_alert(
                    'rule_failing',
                    v_owner,
                    v_rule.name,
                    'warning',
                    format('The rule %s could not be evaluated: %s', v_rule.name, left(sqlerrm, 300)),
                    jsonb_build_object('sqlstate', sqlstate)
                );
        end;
    end loop;
    update aias_private.alerts as a
    set status = 'resolved', resolved_at = aias_private.now(), resolved_by = 'aias'
    where
        a.status <> 'resolved'
        and (
            exists (
                select from aias_private.alert_rules as r
                where r.tenant_id = a.rule_tenant_id and r.name = a.rule and not r.is_enabled
            )
            -- what is raised by a name of its own has no rule; what was evaluated has a value
            or (
                a.value is not null
                and not exists (
                    select from aias_private.alert_rules as r where r.tenant_id = a.rule_tenant_id and r.name = a.rule
                )
            )
        );
    perform aias_private.tell_alerts();
end;
$$;
revoke execute on function aias_private.evaluate_alerts() from public;
grant execute on function aias_private.evaluate_alerts() to aias_worker;
comment on function aias_private.evaluate_alerts() is
'Applies every alert rule and puts the notices that are due into the outbox; returns the rules that could not be applied.';
