-- aias.silence_alerts: not be told of some alerts for a while.
--
-- Promise   alerts open and end all the same; the tenant (null: the operators) is not told of those of the rule and the key (null:
--           of every rule, of every key) until then. Whoever is told besides is told. Audited.
-- Errors    JR403 the caller can't speak for the operators; JR404 no such tenant; JR422 the time is past or more than a year away, or
--           there is no reason.
-- requires: aias_private.caller_actor
-- requires: aias_private.nil_uuid
-- requires: aias_private.recipient
-- requires: aias_private.record_audit
create or replace function aias.silence_alerts(
    p_tenant text,
    p_rule text,
    p_key text,
    p_until timestamptz,
    p_reason text
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_owner constant uuid := aias_private.recipient(p_tenant);
    v_now constant timestamptz := aias_private.now();
    v_id uuid;
begin
    if p_until is null or p_until <= v_now or p_until > v_now + interval '1 year' then
        raise exception 'a silence ends within a year from now, not at %', coalesce(p_until::text, 'null')
            using errcode = 'JR422', column = 'p_until';
    end if;
    if coalesce(btrim(p_reason), '') = '' then
        raise exception 'a silence has a reason' using errcode = 'JR422', column = 'p_reason';
    end if;
    insert into aias_private.alert_silences as s (tenant_id, rule, key, until, reason, created_by, created_at)
    values (v_owner, p_rule, p_key, p_until, left(p_reason, 1000), aias_private.caller_actor(), v_now)
    returning s.id into v_id;
    perform aias_private.record_audit(
        nullif(v_owner, aias_private.nil_uuid()),
        'alert.silenced',
        'alert_silence',
        v_id::text,
        jsonb_strip_nulls(
            jsonb_build_object('rule', p_rule, 'key', p_key, 'until', p_until, 'reason', left(p_reason, 1000))
        )
    );
    return v_id;
end;
$$;
revoke execute on function aias.silence_alerts(text, text, text, timestamptz, text) from public;
grant execute on function aias.silence_alerts(text, text, text, timestamptz, text) to aias_app, aias_admin;
comment on function aias.silence_alerts(text, text, text, timestamptz, text) is
'Keeps a tenant, or the operators, from being told of some alerts until a time; returns the silence''s id.';
