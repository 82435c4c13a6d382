-- aias_private.keep_answer: keep the answer to a request under its idempotency key.
--
-- Caller    the HTTP API, at the end of the transaction that claim_answer took the key in.
-- Promise   the answer is there exactly when the request's effect is: they commit together.
-- requires: aias_private.nil_uuid
create or replace function aias_private.keep_answer(
    p_tenant uuid,
    p_key text,
    p_status integer,
    p_headers jsonb,
    p_body bytea
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update aias_private.http_answers as a
    set status = p_status, headers = p_headers, body = p_body
    where a.tenant_id = coalesce(p_tenant, aias_private.nil_uuid()) and a.key = p_key;
end;
$$;
revoke execute on function aias_private.keep_answer(uuid, text, integer, jsonb, bytea) from public;
comment on function aias_private.keep_answer(uuid, text, integer, jsonb, bytea) is
'Keeps the answer to an HTTP request under its idempotency key.';
