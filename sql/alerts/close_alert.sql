-- aias.close_alert: end an alert by hand.
--
-- Promise   for what the system raised and can't see the end of. What a rule still finds opens again within a minute, as a new alert.
--           Audited.
-- Errors    JR404 no such alert; JR409 it is resolved.
-- requires: aias_private.caller_actor
-- requires: aias_private.lock_alert
-- requires: aias_private.nil_uuid
-- requires: aias_private.record_audit
create or replace function aias.close_alert(
    p_alert uuid,
    p_note text default null
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_alert constant aias_private.alerts := aias_private.lock_alert(p_alert);
begin
    update aias_private.alerts as a
    set status = 'resolved', resolved_at = aias_private.now(), resolved_by = aias_private.caller_actor()
    where a.tenant_id = v_alert.tenant_id and a.id = p_alert;
    perform aias_private.record_audit(
        nullif(v_alert.tenant_id, aias_private.nil_uuid()),
        'alert.closed',
        'alert',
        p_alert::text,
        jsonb_strip_nulls(
            jsonb_build_object(
                'rule', v_alert.rule,
                'key', v_alert.key,
                'note', left(p_note, 1000),
                'before', jsonb_build_object('status', v_alert.status, 'acknowledged_by', v_alert.acknowledged_by)
            )
        )
    );
end;
$$;
revoke execute on function aias.close_alert(uuid, text) from public;
grant execute on function aias.close_alert(uuid, text) to aias_app, aias_admin;
comment on function aias.close_alert(uuid, text) is
'Ends an alert by hand; what a rule still finds opens again as a new one.';
