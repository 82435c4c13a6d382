-- aias_private.set_plugin_rule: say whether a tenant, or every tenant without a rule of its own, may use a plugin.
--
-- Caller    aias.allow_plugin, aias.refuse_plugin, aias.reset_plugin (p_is_allowed null: no rule).
-- Promise   in force for what is validated from the commit on, and within seconds for what workers claim. Steps that are under way
--           go on. The audit log names who, and what was before.
-- Errors    JR403 not an administrator; JR404 no such tenant; JR422 the name or the reason is not valid, or it is AIAS itself.
-- requires: aias_private.caller_actor
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
create or replace function aias_private.set_plugin_rule(
    p_plugin text,
    p_tenant text,
    p_is_allowed boolean,
    p_reason text
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid;
    v_before jsonb;
begin
    if not aias_private.caller_sees_all() then
        raise exception 'which tenant uses which plugin is a matter for administrators'
            using errcode = 'JR403', column = 'p_plugin';
    end if;
    if p_plugin is null or p_plugin !~ '^[a-z0-9][a-z0-9-]{0,99}$' then
        raise exception 'a plugin is named as its distribution, in small letters, digits and dashes, not %',
            coalesce(quote_literal(p_plugin), 'null')
            using errcode = 'JR422', column = 'p_plugin';
    end if;
    if p_plugin = 'aias' then
        raise exception 'what comes with AIAS itself is everybody''s' using errcode = 'JR422', column = 'p_plugin';
    end if;
    if octet_length(p_reason) > 1000 then
        raise exception 'a reason has at most 1000 bytes' using errcode = 'JR422', column = 'p_reason';
    end if;
    if p_tenant is null then
        select jsonb_build_object('is_allowed', d.is_allowed) into v_before
        from aias_private.plugin_defaults as d
        where d.plugin = p_plugin
        for update;
        if p_is_allowed is null then
            delete from aias_private.plugin_defaults as d where d.plugin = p_plugin;
        else
            insert into aias_private.plugin_defaults (plugin, is_allowed, reason, set_by)
            values (p_plugin, p_is_allowed, p_reason, aias_private.caller_actor())
            on conflict (plugin) do update
            set
                is_allowed = excluded.is_allowed,
                reason = excluded.reason,
                set_by = excluded.set_by,
                set_at = excluded.set_at;
        end if;
    else
        v_tenant := aias_private.tenant_by_slug(p_tenant);
        select jsonb_build_object('is_allowed', r.is_allowed) into v_before
        from aias_private.plugin_rules as r
        where r.tenant_id = v_tenant and r.plugin = p_plugin
        for update;
        if p_is_allowed is null then
            delete from aias_private.plugin_rules as r where r.tenant_id = v_tenant and r.plugin = p_plugin;
        else
            insert into aias_private.plugin_rules (tenant_id, plugin, is_allowed, reason, set_by)
            values (v_tenant, p_plugin, p_is_allowed, p_reason, aias_private.caller_actor())
            on conflict (tenant_id, plugin) do update
            set
                is_allowed = excluded.is_allowed,
                reason = excluded.reason,
                set_by = excluded.set_by,
                set_at = excluded.set_at;
        end if;
    end if;
    perform aias_private.record_audit(
        v_tenant,
        case when p_is_allowed then 'plugin.allowed' when not p_is_allowed then 'plugin.refused' else 'plugin.reset' end,
        'plugin',
        p_plugin,
        jsonb_strip_nulls(jsonb_build_object('reason', p_reason, 'before', v_before))
    );
end;
$$;
revoke execute on function aias_private.set_plugin_rule(text, text, boolean, text) from public;
comment on function aias_private.set_plugin_rule(text, text, boolean, text) is
'Says whether a tenant, or every tenant without a rule of its own, may use a plugin.';
