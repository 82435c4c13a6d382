-- aias_private.record_audit: note who did what.
--
-- Caller    every function that acts for a user, an administrator, an application or a trigger.
-- Promise   the row commits or goes with the caller's transaction: no action without its row and no row without its
--           action. The actor is the setting aias.actor where the application sets it, else the role that calls; the
--           request and the address it came from are the settings aias.request_id and aias.address.
create or replace function aias_private.record_audit(
    p_tenant uuid,
    p_action text,
    p_object_kind text,
    p_object_id text,
    p_detail jsonb
)
returns void
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    insert into aias_private.audit_log (
        tenant_id, actor, actor_kind, action, object_kind, object_id, detail, request_id, address
    )
    select
        coalesce(p_tenant, aias_private.nil_uuid()),
        coalesce(s.actor, aias_private.caller_role()),
        coalesce(
            s.actor_kind,
            case
                when s.actor is not null then 'user'
                when aias_private.caller_sees_all() then 'administrator'
                else 'application'
            end
        ),
        p_action,
        p_object_kind,
        p_object_id,
        coalesce(p_detail, '{}'),
        nullif(left(current_setting('aias.request_id', true), 200), ''),
        nullif(left(current_setting('aias.address', true), 100), '')
    from (
        select
            nullif(left(current_setting('aias.actor', true), 200), '') as actor,
            nullif(current_setting('aias.actor_kind', true), '') as actor_kind
    ) as s
$$;
-- requires: aias_private.nil_uuid
revoke execute on function aias_private.record_audit(uuid, text, text, text, jsonb) from public;
comment on function aias_private.record_audit(uuid, text, text, text, jsonb) is
'Adds a row to the audit log, in the caller''s transaction.';
