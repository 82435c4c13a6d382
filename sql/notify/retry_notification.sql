-- aias.retry_notification: send a notice again that was given up.
--
-- Promise   it is due at once, with all its attempts before it. Audited.
-- Errors    JR404 no such notification that the caller may see; JR409 it was not given up.
-- requires: aias_private.nil_uuid
-- requires: aias_private.record_audit
create or replace function aias.retry_notification(p_notification uuid)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_delivery aias_private.notice_deliveries;
begin
    select d.* into v_delivery
    from aias_private.notice_deliveries as d
    where
        d.id = p_notification
        and (aias_private.caller_sees_all() or d.tenant_id = aias_private.caller_tenant())
    for update;
    if not found then
        raise exception 'there is no notification %', coalesce(p_notification::text, 'null')
            using errcode = 'JR404', column = 'p_notification';
    end if;
    if v_delivery.status not in ('failed', 'discarded') then
        raise exception 'the notification % is %, not given up', p_notification, v_delivery.status
            using errcode = 'JR409', column = 'p_notification';
    end if;
    update aias_private.notice_deliveries as d
    set status = 'pending', attempt_count = 0, next_at = aias_private.now(), finished_at = null
    where d.tenant_id = v_delivery.tenant_id and d.id = p_notification;
    perform aias_private.record_audit(
        nullif(v_delivery.tenant_id, aias_private.nil_uuid()),
        'notification.retried',
        'notification',
        p_notification::text,
        jsonb_build_object('before', jsonb_build_object('status', v_delivery.status, 'error', v_delivery.last_error))
    );
end;
$$;
revoke execute on function aias.retry_notification(uuid) from public;
grant execute on function aias.retry_notification(uuid) to aias_app, aias_admin;
comment on function aias.retry_notification(uuid) is 'Sends a notice again that was given up.';
