-- aias.acknowledge_alert: say that one is at it.
--
-- Promise   nobody is told of the alert again until it ends; it stays open until what is wrong is right, and is a new one if it
--           comes back after that. Acknowledging again changes who and why. Audited.
-- Errors    JR404 no such alert; JR409 it is resolved.
-- requires: aias_private.caller_actor
-- requires: aias_private.lock_alert
-- requires: aias_private.nil_uuid
-- requires: aias_private.record_audit
create or replace function aias.acknowledge_alert(
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
    set
        status = 'acknowledged',
        acknowledged_at = aias_private.now(),
        acknowledged_by = aias_private.caller_actor(),
        acknowledged_note = left(p_note, 1000)
    where a.tenant_id = v_alert.tenant_id and a.id = p_alert;
    perform aias_private.record_audit(
        nullif(v_alert.tenant_id, aias_private.nil_uuid()),
        'alert.acknowledged',
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
revoke execute on function aias.acknowledge_alert(uuid, text) from public;
grant execute on function aias.acknowledge_alert(uuid, text) to aias_app, aias_admin;
comment on function aias.acknowledge_alert(uuid, text) is
'Says that somebody is at an alert: nobody is told of it again until it ends.';
