-- aias.remove_alert_rule: look at something no more.
--
-- Promise   its open alerts end within a minute. Rules that come with AIAS are switched off instead.
-- Errors    JR403 the operators' rules are not the caller's; JR404 no such tenant or rule; JR409 it comes with AIAS.
-- requires: aias_private.nil_uuid
-- requires: aias_private.recipient
-- requires: aias_private.record_audit
create or replace function aias.remove_alert_rule(
    p_tenant text,
    p_name text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_owner constant uuid := aias_private.recipient(p_tenant);
    v_rule aias_private.alert_rules;
begin
    select r.* into v_rule
    from aias_private.alert_rules as r
    where r.tenant_id = v_owner and r.name = p_name
    for update;
    if not found then
        raise exception 'there is no rule %', coalesce(quote_literal(p_name), 'null')
            using errcode = 'JR404', column = 'p_name';
    end if;
    if v_rule.is_shipped then
        raise exception 'the rule % comes with AIAS: switch it off instead', p_name
            using errcode = 'JR409', column = 'p_name';
    end if;
    delete from aias_private.alert_rules as r where r.tenant_id = v_owner and r.name = p_name;
    perform aias_private.record_audit(
        nullif(v_owner, aias_private.nil_uuid()),
        'alert_rule.removed',
        'alert_rule',
        p_name,
        jsonb_build_object('before', to_jsonb(v_rule) - 'updated_at')
    );
end;
$$;
revoke execute on function aias.remove_alert_rule(text, text) from public;
grant execute on function aias.remove_alert_rule(text, text) to aias_app, aias_admin;
comment on function aias.remove_alert_rule(text, text) is 'Removes an alert rule; its open alerts end.';
