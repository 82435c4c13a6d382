-- aias.end_silence: be told again.
--
-- Promise   what is open and was not told is told within the minute. Audited.
-- Errors    JR404 no such silence that the caller may see and that goes on.
-- requires: aias_private.caller_actor
-- requires: aias_private.nil_uuid
-- requires: aias_private.record_audit
create or replace function aias.end_silence(p_silence uuid)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_silence aias_private.alert_silences;
begin
    update aias_private.alert_silences as s
    set ended_at = aias_private.now(), ended_by = aias_private.caller_actor()
    where
        s.id = p_silence
        and s.ended_at is null
        and s.until > aias_private.now()
        and (aias_private.caller_sees_all() or s.tenant_id = aias_private.caller_tenant())
    returning s.* into v_silence;
    if not found then
        raise exception 'there is no silence % that goes on', coalesce(p_silence::text, 'null')
            using errcode = 'JR404', column = 'p_silence';
    end if;
    perform aias_private.record_audit(
        nullif(v_silence.tenant_id, aias_private.nil_uuid()),
        'alert.silence_ended',
        'alert_silence',
        p_silence::text,
        jsonb_strip_nulls(
            jsonb_build_object(
                'before',
                jsonb_build_object(
                    'rule', v_silence.rule, 'key', v_silence.key, 'until', v_silence.until, 'reason', v_silence.reason
                )
            )
        )
    );
end;
$$;
revoke execute on function aias.end_silence(uuid) from public;
grant execute on function aias.end_silence(uuid) to aias_app, aias_admin;
comment on function aias.end_silence(uuid) is 'Ends a silence before its time.';
