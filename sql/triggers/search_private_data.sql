-- aias_private.search_private_data: do what can be done at once for a privacy request.
--
-- Caller    the task aias.search_private_data.
-- Promise   a request to redact: what deliveries and events hold of the customer (or of the whole shop) is replaced, and counted; a
--           request for data: it is counted. The request stays open until a person settles it: what executions and upstreams hold
--           is theirs to see to. Called again it finds what came in since.
-- Locks     the rows that are redacted.
-- requires: aias_private.holds_customer
-- requires: aias_private.record_audit
create or replace function aias_private.search_private_data(
    p_tenant uuid,
    p_request uuid
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request aias_private.privacy_requests;
    v_deliveries integer;
    v_events integer;
    v_found jsonb;
    v_now constant timestamptz := aias_private.now();
    c_redacted constant jsonb := '{"redacted": true}';
begin
    select r.* into v_request
    from aias_private.privacy_requests as r
    where r.tenant_id = p_tenant and r.id = p_request
    for update;
    if not found then
        return null;
    end if;
    if v_request.kind = 'customers/data_request' then
        select count(*) into v_deliveries
        from aias_private.webhook_deliveries as d
        where
            d.tenant_id = p_tenant
            and d.account = v_request.account
            and d.redacted_at is null
            and d.id <> v_request.delivery_id
            and aias_private.holds_customer(d.payload, v_request.customer_id, v_request.order_ids);
        select count(*) into v_events
        from aias_private.events as e
        where
            e.tenant_id = p_tenant
            and e.subject = v_request.account
            and e.redacted_at is null
            and aias_private.holds_customer(e.payload, v_request.customer_id, v_request.order_ids);
    else
        update aias_private.webhook_deliveries as d
        set payload = c_redacted, redacted_at = v_now
        where
            d.tenant_id = p_tenant
            and d.account = v_request.account
            and d.redacted_at is null
            and (
                v_request.kind = 'shop/redact'
                or aias_private.holds_customer(d.payload, v_request.customer_id, v_request.order_ids)
            );
        get diagnostics v_deliveries = row_count;
        update aias_private.events as e
        set payload = c_redacted, redacted_at = v_now
        where
            e.tenant_id = p_tenant
            and e.subject = v_request.account
            and e.redacted_at is null
            and (
                v_request.kind = 'shop/redact'
                or aias_private.holds_customer(e.payload, v_request.customer_id, v_request.order_ids)
            );
        get diagnostics v_events = row_count;
    end if;
    v_found := jsonb_build_object('deliveries', v_deliveries, 'events', v_events);
    update aias_private.privacy_requests as r
    set found = v_found, searched_at = v_now
    where r.tenant_id = p_tenant and r.id = p_request;
    perform aias_private.record_audit(
        p_tenant,
        case v_request.kind when 'customers/data_request' then 'privacy.searched' else 'privacy.redacted' end,
        'privacy_request',
        p_request::text,
        v_found
    );
    return v_found;
end;
$$;
revoke execute on function aias_private.search_private_data(uuid, uuid) from public;
grant execute on function aias_private.search_private_data(uuid, uuid) to aias_worker;
comment on function aias_private.search_private_data(uuid, uuid) is
'Redacts, or counts, what deliveries and events hold of a customer or a shop.';
