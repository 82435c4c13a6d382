-- aias.read_notifications: mark what is shown on the page as read.
--
-- Promise   those of the tenant (null: the operators), or one of them; what was read stays read by whom it was.
-- Returns   how many became read.
-- Errors    JR403 the caller can't speak for the operators; JR404 no such tenant.
-- requires: aias_private.caller_actor
-- requires: aias_private.recipient
create or replace function aias.read_notifications(
    p_tenant text,
    p_notification uuid default null
)
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_owner constant uuid := aias_private.recipient(p_tenant);
    v_count integer;
begin
    update aias_private.notice_deliveries as d
    set read_at = aias_private.now(), read_by = aias_private.caller_actor()
    where
        d.tenant_id = v_owner
        and d.read_at is null
        and (p_notification is null or d.id = p_notification)
        and d.channel_id = (
            select c.id from aias_private.channels as c where c.tenant_id = v_owner and c.kind = 'dashboard'
        );
    get diagnostics v_count = row_count;
    return v_count;
end;
$$;
revoke execute on function aias.read_notifications(text, uuid) from public;
grant execute on function aias.read_notifications(text, uuid) to aias_app, aias_admin;
comment on function aias.read_notifications(text, uuid) is
'Marks the notifications on the page as read, all or one; returns how many became read.';
