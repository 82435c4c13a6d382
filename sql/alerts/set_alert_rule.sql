-- aias.set_alert_rule: make a rule, or change one.
--
-- Promise   null leaves an argument as it is, and in a new rule means the default. A null tenant means the operators'
--           rules, which look at every tenant; a tenant's own rule looks at that tenant and tells that tenant. The source is one of
--           aias.alert_sources; no SQL is taken from anybody. It holds from the next minute on, and is audited.
--           p_renotify_every of 0 means: told once. p_channels of {} means: all.
-- Errors    JR403 the operators' rules are not the caller's; JR404 no such tenant or source; JR422 a value is not valid, or
--           a new rule has no source or threshold.
-- requires: aias_private.nil_uuid
-- requires: aias_private.recipient
-- requires: aias_private.record_audit
create or replace function aias.set_alert_rule(
    p_tenant text,
    p_name text,
    p_source text default null,
    p_comparison text default null,
    p_threshold double precision default null,
    p_window interval default null,
    p_for interval default null,
    p_severity text default null,
    p_scope text default null,
    p_scope_name text default null,
    p_tells text[] default null,
    p_channels text[] default null,
    p_renotify_every interval default null,
    p_is_enabled boolean default null,
    p_description text default null
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
    v_before jsonb;
    v_kind text;
    v_constraint text;
begin
    select r.* into v_rule
    from aias_private.alert_rules as r
    where r.tenant_id = v_owner and r.name = p_name
    for update;
    if found then
        v_before := to_jsonb(v_rule);
        if p_source is distinct from v_rule.source and p_source is not null then
            raise exception 'the rule % looks at %: a rule keeps what it looks at', p_name, coalesce(v_rule.source, 'nothing')
                using errcode = 'JR422', column = 'p_source';
        end if;
    elsif p_source is null or p_threshold is null then
        raise exception 'a new rule has a source and a threshold' using errcode = 'JR422', column = 'p_source';
    end if;
    select s.key_kind into v_kind
    from aias_private.alert_sources as s
    where s.name = coalesce(p_source, v_rule.source);
    if not found and v_before is null then
        raise exception 'there is no source %', quote_literal(p_source) using errcode = 'JR404', column = 'p_source';
    end if;
    if p_scope in ('integration', 'lane') and p_scope is distinct from v_kind then
        raise exception 'the keys of % name a %, not a %', coalesce(p_source, v_rule.source), v_kind, p_scope
            using errcode = 'JR422', column = 'p_scope';
    end if;
    if v_owner <> aias_private.nil_uuid() and 'operators' = any(p_tells) then
        raise exception 'a tenant''s rule tells the tenant' using errcode = 'JR422', column = 'p_tells';
    end if;
    begin
        insert into aias_private.alert_rules as r (
            tenant_id, name, source, comparison, threshold, window_length, for_duration, severity, scope, scope_name, tells,
            channels, renotify_every, is_enabled, description
        )
        values (
            v_owner,
            p_name,
            coalesce(p_source, v_rule.source),
            coalesce(p_comparison, v_rule.comparison, '>'),
            coalesce(p_threshold, v_rule.threshold),
            coalesce(p_window, v_rule.window_length, interval '15 minutes'),
            coalesce(p_for, v_rule.for_duration, interval '0'),
            coalesce(p_severity, v_rule.severity, 'warning'),
            coalesce(p_scope, v_rule.scope, 'global'),
            case when p_scope is null then v_rule.scope_name else p_scope_name end,
            coalesce(
                p_tells, v_rule.tells, case when v_owner = aias_private.nil_uuid() then '{operators}' else '{tenant}' end::text[]
            ),
            case when p_channels is null then v_rule.channels else nullif(p_channels, '{}') end,
            case
                when p_renotify_every is not null then nullif(p_renotify_every, interval '0')
                when v_before is null then interval '4 hours'
                else v_rule.renotify_every
            end,
            coalesce(p_is_enabled, v_rule.is_enabled, true),
            coalesce(nullif(p_description, ''), v_rule.description, p_name)
        )
        on conflict (tenant_id, name) do update
        set
            comparison = excluded.comparison,
            threshold = excluded.threshold,
            window_length = excluded.window_length,
            for_duration = excluded.for_duration,
            severity = excluded.severity,
            scope = excluded.scope,
            scope_name = excluded.scope_name,
            tells = excluded.tells,
            channels = excluded.channels,
            renotify_every = excluded.renotify_every,
            is_enabled = excluded.is_enabled,
            description = excluded.description,
            updated_at = aias_private.now();
    exception
        when check_violation then
            get stacked diagnostics v_constraint = constraint_name;
            raise exception 'the rule breaks what holds for every rule: %', replace(v_constraint, '_', ' ')
                using errcode = 'JR422', column = 'p_name';
    end;
    perform aias_private.record_audit(
        nullif(v_owner, aias_private.nil_uuid()),
        case when v_before is null then 'alert_rule.created' else 'alert_rule.changed' end,
        'alert_rule',
        p_name,
        (
            select jsonb_strip_nulls(jsonb_build_object('before', v_before - 'updated_at', 'after', to_jsonb(r) - 'updated_at'))
            from aias_private.alert_rules as r
            where r.tenant_id = v_owner and r.name = p_name
        )
    );
end;
$$;
revoke execute on function
aias.set_alert_rule(
    text, text, text, text, double precision, interval, interval, text, text, text, text[], text[], interval, boolean, text
)
from public;
grant execute on function
aias.set_alert_rule(
    text, text, text, text, double precision, interval, interval, text, text, text, text[], text[], interval, boolean, text
)
to aias_app, aias_admin;
comment on function
aias.set_alert_rule(
    text, text, text, text, double precision, interval, interval, text, text, text, text[], text[], interval, boolean, text
) is
'Makes an alert rule over one of aias.alert_sources, or changes one; null leaves an argument as it is.';
