-- aias_private.post_notice: tell a tenant, or the operators, something, once per key.
--
-- Caller    every domain that has something to tell, in the transaction of what happened. A null tenant means the operators.
-- Promise   as aias_private.put_notice: what commits is told, by every channel that takes the kind and the severity, and is tried again
--           until it has arrived or has been given up. The second notice with a key does nothing, and null comes back.
-- Errors    JR422 the severity is unknown, or a text is missing.
-- requires: aias_private.put_notice
create or replace function aias_private.post_notice(
    p_tenant uuid,
    p_kind text,
    p_severity text,
    p_title text,
    p_body text,
    p_details jsonb,
    p_dedup_key text
)
returns uuid
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    select aias_private.put_notice(p_tenant, p_kind, p_severity, p_title, p_body, p_details, p_dedup_key, null)
$$;
revoke execute on function
aias_private.post_notice(uuid, text, text, text, text, jsonb, text) from public;
comment on function aias_private.post_notice(uuid, text, text, text, text, jsonb, text) is
'Tells a tenant, or the operators, something by all their channels, once per key; returns the notice''s id.';
