-- aias_private.decide_on_error: give a group of errors another status.
--
-- Caller    aias.resolve_error, ignore_error, reopen_error.
-- Promise   the status, who gave it, when and why, and a row of the audit log. A failure that happened before and is recorded
--           afterwards does not open a resolved group again.
-- Errors    JR403 the caller is confined to a tenant; JR404 there is no such group; JR409 it has the status already.
-- requires: aias_private.caller_actor
-- requires: aias_private.record_audit
create or replace function aias_private.decide_on_error(
    p_error uuid,
    p_status text,
    p_action text,
    p_reason text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_before text;
begin
    if not aias_private.caller_sees_all() then
        if exists (
            select from aias_private.error_tenants as e
            where e.group_id = p_error and e.tenant_id = aias_private.caller_tenant()
        ) then
            raise exception 'what becomes of an error is a matter for administrators'
                using errcode = 'JR403', column = 'p_error';
        end if;
        raise exception 'there is no error %', coalesce(p_error::text, 'null') using errcode = 'JR404', column = 'p_error';
    end if;
    select g.status into v_before from aias_private.error_groups as g where g.id = p_error for update;
    if not found then
        raise exception 'there is no error %', coalesce(p_error::text, 'null') using errcode = 'JR404', column = 'p_error';
    end if;
    if v_before = p_status then
        raise exception 'the error % is % already', p_error, p_status using errcode = 'JR409', column = 'p_error';
    end if;
    update aias_private.error_groups as g
    set
        status = p_status,
        status_at = aias_private.now(),
        status_by = aias_private.caller_actor(),
        status_reason = left(p_reason, 1000)
    where g.id = p_error;
    perform aias_private.record_audit(
        null,
        p_action,
        'error',
        p_error::text,
        jsonb_strip_nulls(jsonb_build_object('was', v_before, 'reason', left(p_reason, 1000)))
    );
end;
$$;
revoke execute on function aias_private.decide_on_error(uuid, text, text, text) from public;
comment on function aias_private.decide_on_error(uuid, text, text, text) is 'Gives a group of errors another status.';
