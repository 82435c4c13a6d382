-- aias_private.lock_alert: the alert that somebody is about to change.
--
-- Promise   its row, locked until the transaction ends, when the caller may see it and it is not over.
-- Errors    JR404 no such alert; JR409 it is resolved.
create or replace function aias_private.lock_alert(p_alert uuid)
returns aias_private.alerts
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_alert aias_private.alerts;
begin
    select a.* into v_alert
    from aias_private.alerts as a
    where
        a.id = p_alert
        and (aias_private.caller_sees_all() or a.tenant_id = aias_private.caller_tenant())
    for update;
    if not found then
        raise exception 'there is no alert %', coalesce(p_alert::text, 'null') using errcode = 'JR404', column = 'p_alert';
    end if;
    if v_alert.status = 'resolved' then
        raise exception 'the alert % is over since %', p_alert, v_alert.resolved_at using errcode = 'JR409', column = 'p_alert';
    end if;
    return v_alert;
end;
$$;
revoke execute on function aias_private.lock_alert(uuid) from public;
comment on function aias_private.lock_alert(uuid) is 'The open alert of an id, locked, where the caller may see it.';
