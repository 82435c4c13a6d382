-- aias.remove_subscription: let events start nothing by a subscription any more.
--
-- Errors    JR404 no such tenant or subscription.
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
create or replace function aias.remove_subscription(
    p_tenant text,
    p_name text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.tenant_by_slug(p_tenant);
    v_id uuid;
    v_before jsonb;
begin
    delete from aias_private.event_subscriptions as s
    where s.tenant_id = v_tenant and s.name = p_name
    returning s.id, jsonb_strip_nulls(
        to_jsonb(s) - array['tenant_id', 'id', 'type_like', 'created_at', 'updated_at']
    ) into v_id, v_before;
    if v_id is null then
        raise exception 'there is no subscription %', coalesce(quote_literal(p_name), 'null')
            using errcode = 'JR404', column = 'p_name';
    end if;
    perform aias_private.record_audit(
        v_tenant, 'subscription.removed', 'subscription', v_id::text, jsonb_build_object('name', p_name, 'before', v_before)
    );
end;
$$;
revoke execute on function aias.remove_subscription(text, text) from public;
grant execute on function aias.remove_subscription(text, text) to aias_app, aias_admin;
comment on function aias.remove_subscription(text, text) is 'Removes a subscription; what it started goes on.';
