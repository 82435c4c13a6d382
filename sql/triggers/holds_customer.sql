-- aias_private.holds_customer: whether a payload of Shopify's is about a customer.
--
-- Promise   looks where Shopify puts ids: the customer's own in `customer.id` or `customer_id` (or `id` beside an `email`, in
--           customers/* topics), those of orders in `id`, `order_id` and the lists of privacy requests.
create or replace function aias_private.holds_customer(
    p_payload jsonb,
    p_customer text,
    p_orders text[]
)
returns boolean
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    -- a null (an id that is not there) is not true, and `or` with a true is
    select (
        p_payload #>> '{customer,id}' = p_customer
        or p_payload ->> 'customer_id' = p_customer
        or (p_payload ->> 'id' = p_customer and p_payload ? 'email')
        or p_payload ->> 'id' = any(p_orders)
        or p_payload ->> 'order_id' = any(p_orders)
    ) is true
$$;
revoke execute on function aias_private.holds_customer(jsonb, text, text[]) from public;
comment on function aias_private.holds_customer(jsonb, text, text[]) is 'Whether a payload of Shopify''s is about a customer.';
