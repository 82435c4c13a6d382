-- aias_private.is_silenced: whether somebody does not want to be told of an alert just now.
--
-- Caller    aias_private.tell_alerts. p_tenant is who would be told; the nil UUID is the operators.
create or replace function aias_private.is_silenced(
    p_tenant uuid,
    p_rule text,
    p_key text
)
returns boolean
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select exists (
        select
        from aias_private.alert_silences as s
        where
            s.tenant_id = p_tenant
            and s.ended_at is null
            and s.until > aias_private.now()
            and (s.rule is null or s.rule = p_rule)
            and (s.key is null or s.key = p_key)
    )
$$;
revoke execute on function aias_private.is_silenced(uuid, text, text) from public;
comment on function aias_private.is_silenced(uuid, text, text) is
'Whether somebody does not want to be told of an alert just now.';
