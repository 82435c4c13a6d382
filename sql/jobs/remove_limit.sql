-- aias.remove_limit: limit a tenant, a workflow or a key no more; a tenant's plan counts again.
--
-- Errors    JR403 a tenant's limit, and the caller is confined to a tenant; JR404 there is no such tenant, workflow or limit; JR422 the scope or
--           the name is not valid.
-- requires: aias_private.nil_uuid
-- requires: aias_private.record_audit
-- requires: aias_private.release_limit
-- requires: aias_private.scope_key
-- requires: aias_private.wake_limited_executions
create or replace function aias.remove_limit(
    p_scope text,
    p_name text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_scope record;
    v_before jsonb;
begin
    if p_scope = 'tenant' and not aias_private.caller_sees_all() then
        raise exception 'a tenant''s limit is a matter for administrators' using errcode = 'JR403', column = 'p_scope';
    end if;
    select s.tenant_id, s.name, s.key into v_scope
    from aias_private.scope_key(p_scope, p_name, array['tenant', 'workflow', 'key', 'connection']) as s;
    delete from aias_private.limits as l
    where l.key = v_scope.key
    returning jsonb_strip_nulls(
        jsonb_build_object('max_running', l.max_running, 'rate', l.rate_count, 'per', l.rate_per, 'burst', l.rate_burst)
    )
    into v_before;
    if not found then
        raise exception 'the % % has no limit', p_scope, quote_literal(p_name)
            using errcode = 'JR404', column = 'p_name';
    end if;
    perform aias_private.release_limit(v_scope.key);
    if p_scope = 'connection' then
        perform aias_private.wake_limited_executions(v_scope.tenant_id, v_scope.name, 1000);
    end if;
    delete from aias_private.rate_states as r where r.key = v_scope.key;
    perform aias_private.record_audit(
        nullif(v_scope.tenant_id, aias_private.nil_uuid()),
        p_scope || '.unlimited',
        p_scope,
        v_scope.name,
        jsonb_build_object('before', v_before)
    );
end;
$$;
revoke execute on function aias.remove_limit(text, text) from public;
grant execute on function aias.remove_limit(text, text) to aias_app, aias_admin;
comment on function aias.remove_limit(text, text) is
'Limits a tenant, a workflow or a key no more; a tenant''s plan counts again.';
